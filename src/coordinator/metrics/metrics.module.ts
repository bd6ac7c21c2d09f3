import { Global, Module } from '@nestjs/common';
import { AdminModule } from '../admin/admin.module.js';
import { ProverGatewayModule } from '../prover-gateway/prover-gateway.module.js';
import { MetricsCollector } from './metrics.collector.js';

/** What a monitoring system asks for. */
@Global()
@Module({ imports: [AdminModule, ProverGatewayModule], providers: [MetricsCollector], exports: [MetricsCollector] })
export class MetricsModule {}
