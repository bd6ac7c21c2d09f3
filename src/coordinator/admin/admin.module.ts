import { Module } from '@nestjs/common';
import { ProofsModule } from '../proofs/proofs.module.js';
import { ProverGatewayModule } from '../prover-gateway/prover-gateway.module.js';
import { AdminController } from './admin.controller.js';
import { InputRoots } from './input-roots.js';
import { Launch } from './launch.js';
import { OperatorController } from './operator.controller.js';
import { ProverList } from './prover-list.js';
import { ServiceClock } from './service-clock.js';

/** Administrative calls: the published ones, and ours for operators. */
@Module({
  imports: [ProofsModule, ProverGatewayModule],
  controllers: [AdminController, OperatorController],
  providers: [ServiceClock, ProverList, InputRoots, Launch],
  exports: [ProverList],
})
export class AdminModule {}
