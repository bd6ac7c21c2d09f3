import { Module } from '@nestjs/common';
import { ArtifactsHttpController } from './artifacts.http-controller.js';
import { HealthHttpController } from './health.http-controller.js';
import { MetricsHttpController } from './metrics.http-controller.js';

/** The coordinator's HTTP side. */
@Module({ controllers: [HealthHttpController, MetricsHttpController, ArtifactsHttpController] })
export class HttpModule {}
