import { Module } from '@nestjs/common';
import { ProofsModule } from '../proofs/proofs.module.js';
import { Admission } from './sessions/admission.js';
import { KernelCheck } from './sessions/kernel-check.js';
import { ProverReports } from './sessions/prover-reports.js';
import { ProverStreamController } from './stream/prover-stream.controller.js';
import { StreamConnections } from './stream/stream-connections.js';
import { ThirdPartyWorkers } from './third-party/third-party-workers.js';
import { CoordinatorServiceController } from './unary/coordinator-service.controller.js';
import { WorkerRegistry } from './unary/worker-registry.js';

/** Everything that provers talk to. */
@Module({
  imports: [ProofsModule],
  controllers: [ProverStreamController, CoordinatorServiceController],
  providers: [KernelCheck, Admission, ProverReports, StreamConnections, WorkerRegistry, ThirdPartyWorkers],
  exports: [KernelCheck, ThirdPartyWorkers],
})
export class ProverGatewayModule {}
