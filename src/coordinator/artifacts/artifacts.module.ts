import { Module } from '@nestjs/common';
import { ArtifactSweeper } from './artifact-sweeper.js';
import { ArtifactsController } from './artifacts.controller.js';

/** Programs, inputs and proofs by digest. */
@Module({ controllers: [ArtifactsController], providers: [ArtifactSweeper] })
export class ArtifactsModule {}
