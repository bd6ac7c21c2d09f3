import { Module } from '@nestjs/common';
import { GatewayContext } from './gateway-context.js';
import { ProverReports } from './sessions/prover-reports.js';
import { ProverStreamController } from './stream/prover-stream.controller.js';

/** Everything that provers talk to. */
@Module({
  controllers: [ProverStreamController],
  providers: [GatewayContext, ProverReports],
  exports: [GatewayContext],
})
export class ProverGatewayModule {}
