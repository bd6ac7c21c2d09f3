import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PRODUCT_VERSION } from '../../config/product.js';
import { Settings } from '../../config/settings.js';
import { openPhase } from '../../domain/job/assigning.js';
import type { JobState } from '../../domain/job/job-state.js';
import { progressOf } from '../../domain/job/progress-view.js';
import { isConnected, type Session } from '../../domain/session/session.js';
import { KernelService } from '../../kernel/kernel.service.js';
import { Clock } from '../../lifecycle/clock.js';
import { freeBytes } from '../../lifecycle/free-space.js';
import { ProverList } from '../admin/prover-list.js';
import { JobCommandBus } from '../jobs/job-command-bus.js';
import { KernelCheck } from '../prover-gateway/sessions/kernel-check.js';
import { TaskScheduler } from '../scheduler/task-scheduler.js';
import { Readiness } from '../transport/readiness.js';
import { CoordinatorMetrics } from './coordinator-metrics.js';
import { NetworkMetrics } from './network-metrics.js';

const MS_PER_SECOND = 1000;
const STATUSES = ['connecting', 'idle', 'computing', 'draining', 'quarantined', 'disconnected'] as const;
type Status = (typeof STATUSES)[number];

/** The metrics of this coordinator: counts from the start on, and reads what is a state when it is asked. */
@Injectable()
export class MetricsCollector implements OnModuleInit {
  private readonly metrics = new CoordinatorMetrics();

  constructor(
    private readonly bus: JobCommandBus,
    private readonly scheduler: TaskScheduler,
    private readonly provers: ProverList,
    private readonly kernel: KernelService,
    private readonly kernelCheck: KernelCheck,
    private readonly readiness: Readiness,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    new NetworkMetrics(this.metrics).follow(this.bus, this.scheduler);
  }

  get contentType(): string {
    return this.metrics.registry.contentType;
  }

  /** In the text format of Prometheus. */
  async text(): Promise<string> {
    this.readJobs();
    this.readProvers();
    this.readKernel();
    await this.readDisk();
    this.metrics.ready.set(this.readiness.ready ? 1 : 0);
    return this.metrics.registry.metrics();
  }

  private readJobs(): void {
    const active = this.bus.active();
    const running = active.filter(({ status }) => status.kind === 'RUNNING').length;
    this.metrics.activeJobs.set({ state: 'planning' }, active.length - running);
    this.metrics.activeJobs.set({ state: 'running' }, running);
    this.metrics.queueDepth.set(this.bus.queued);
    this.metrics.pendingComputeUnits.set(active.reduce((sum, job) => sum + pendingUnits(job), 0));
  }

  private readProvers(): void {
    const sessions = this.scheduler.sessions();
    const counts = new Map<Status, number>(STATUSES.map((status) => [status, 0]));
    for (const session of sessions) {
      const status = this.statusOf(session);
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
    for (const [status, count] of counts) this.metrics.workersByStatus.set({ status }, count);
    this.metrics.computeUnits.set(this.provers.capacity);
    const nowMs = this.clock.monotonicMs();
    const lagMs = sessions.filter(isConnected).map(({ lastHeardMs }) => Math.max(0, nowMs - lastHeardMs));
    this.metrics.heartbeatLag.set(lagMs.reduce((most, lag) => Math.max(most, lag), 0) / MS_PER_SECOND);
  }

  private statusOf({ prover, state }: Session): Status {
    if (state.kind === 'DETACHED' || state.kind === 'GONE') return 'disconnected';
    if (this.scheduler.quarantineOf(prover)) return 'quarantined';
    return ({ CONNECTING: 'connecting', IDLE: 'idle', COMPUTING: 'computing', DRAINING: 'draining' } as const)[
      state.kind
    ];
  }

  private readKernel(): void {
    const { threads, busy, waiting, memoryBytes } = this.kernel.usage();
    this.metrics.info.set({ version: PRODUCT_VERSION, kernel: this.kernelCheck.digest }, 1);
    this.metrics.kernelThreads.set({ state: 'busy' }, busy);
    this.metrics.kernelThreads.set({ state: 'idle' }, threads - busy);
    this.metrics.kernelCallsWaiting.set(waiting);
    this.metrics.kernelMemory.set(memoryBytes);
  }

  private async readDisk(): Promise<void> {
    try {
      this.metrics.diskFree.set(await freeBytes(this.settings.dataDir));
    } catch {
      // An unknown value is told from a full disk: it is left out.
      this.metrics.diskFree.reset();
    }
  }
}

/** Compute units that the job could use at once. */
function pendingUnits(job: JobState): number {
  const { request, run } = job;
  if (!run) return request.computeUnits;
  const phase = openPhase(run);
  if (phase === null) return 0;
  const { contributions, proofs, aggregation } = progressOf(job);
  const { done, total } = { contribute: contributions, prove: proofs, aggregate: aggregation }[phase];
  return Math.min(request.computeUnits, total - done);
}
