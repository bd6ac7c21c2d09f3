import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { PRODUCT_VERSION } from '../../config/product.js';
import { parseProverId } from '../../domain/ids.js';
import { KernelService } from '../../kernel/kernel.service.js';
import type {
  DiagnosticsResponse,
  DrainRequest,
  DrainResponse,
  ListQuarantineResponse,
  ReleaseQuarantineRequest,
  ReleaseQuarantineResponse,
} from '../../wire/generated/proofloom/v1/admin.js';
import { toQuarantinedProver } from '../../wire/operator/quarantine.js';
import { ADMIN } from '../../wire/services.js';
import { JobCommandBus } from '../jobs/job-command-bus.js';
import { KernelCheck } from '../prover-gateway/sessions/kernel-check.js';
import { TaskScheduler } from '../scheduler/task-scheduler.js';
import { TaskStore } from '../store/task-store.js';
import { ProverList } from './prover-list.js';

/** Calls for operators. */
@Controller()
export class OperatorController {
  constructor(
    private readonly scheduler: TaskScheduler,
    private readonly bus: JobCommandBus,
    private readonly store: TaskStore,
    private readonly kernel: KernelService,
    private readonly provers: ProverList,
    private readonly kernelCheck: KernelCheck,
  ) {}

  @GrpcMethod(ADMIN, 'Drain')
  async drain({ proverId, reason }: DrainRequest): Promise<DrainResponse> {
    const connected = this.scheduler.connected().map(({ prover }) => prover);
    const named = proverId === '' ? connected : [parseProverId(proverId, 'prover_id')];
    const why = reason || 'drained by an operator';
    const told = await Promise.all(named.map((prover) => this.scheduler.sendHome(prover, why)));
    return { draining: named.filter((_prover, index) => told[index]) };
  }

  @GrpcMethod(ADMIN, 'ListQuarantine')
  async listQuarantine(): Promise<ListQuarantineResponse> {
    return { provers: (await this.store.quarantines()).map(toQuarantinedProver) };
  }

  @GrpcMethod(ADMIN, 'ReleaseQuarantine')
  async releaseQuarantine({ proverId }: ReleaseQuarantineRequest): Promise<ReleaseQuarantineResponse> {
    return { released: await this.scheduler.release(parseProverId(proverId, 'prover_id')) };
  }

  @GrpcMethod(ADMIN, 'Diagnostics')
  diagnostics(): DiagnosticsResponse {
    const { busy, waiting, memoryBytes } = this.kernel.usage();
    return {
      version: PRODUCT_VERSION,
      kernelDigest: this.kernelCheck.digest,
      residentBytes: BigInt(process.memoryUsage.rss()),
      openStreams: this.provers.connections,
      queuedJobs: this.bus.queued,
      runningJobs: this.bus.active().length,
      kernelThreadsBusy: busy,
      kernelCallsWaiting: waiting,
      kernelMemoryBytes: BigInt(memoryBytes),
    };
  }
}
