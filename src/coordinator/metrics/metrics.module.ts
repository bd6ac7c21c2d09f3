import { Global, Module } from '@nestjs/common';
import { ProverGatewayModule } from '../prover-gateway/prover-gateway.module.js';
import { MetricsCollector } from './metrics.collector.js';

/** What a monitoring system asks for. */
@Global()
@Module({ imports: [ProverGatewayModule], providers: [MetricsCollector], exports: [MetricsCollector] })
export class MetricsModule {}
