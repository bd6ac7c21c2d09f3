import { Module } from '@nestjs/common';
import { ProofsController } from './proofs.controller.js';
import { Submissions } from './submissions.js';

/** Proof jobs, for applications. */
@Module({ controllers: [ProofsController], providers: [Submissions], exports: [Submissions] })
export class ProofsModule {}
