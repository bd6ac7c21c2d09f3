import { Module } from '@nestjs/common';
import { GatewayContext } from './gateway-context.js';
import { ProofsModule } from '../proofs/proofs.module.js';
import { PublishedPeers } from './published/published-peers.js';
import { ProverReports } from './sessions/prover-reports.js';
import { WorkerRegistry } from './sessions/worker-registry.js';
import { ProverStreamController } from './stream/prover-stream.controller.js';
import { CoordinatorServiceController } from './unary/coordinator-service.controller.js';

/** Everything that provers talk to. */
@Module({
  imports: [ProofsModule],
  controllers: [ProverStreamController, CoordinatorServiceController],
  providers: [GatewayContext, ProverReports, WorkerRegistry, PublishedPeers],
  exports: [GatewayContext, PublishedPeers],
})
export class ProverGatewayModule {}
