import { EventEmitter } from 'node:events';
import { Metadata } from '@grpc/grpc-js';
import type { Subscription } from 'rxjs';
import { loadSettings } from '../../src/config/settings.loader.js';
import { Admission } from '../../src/coordinator/prover-gateway/sessions/admission.js';
import { KernelCheck } from '../../src/coordinator/prover-gateway/sessions/kernel-check.js';
import { ProverReports } from '../../src/coordinator/prover-gateway/sessions/prover-reports.js';
import type { StreamSessionParts } from '../../src/coordinator/prover-gateway/stream/prover-stream.session.js';
import { StreamConnections } from '../../src/coordinator/prover-gateway/stream/stream-connections.js';
import type { ThirdPartyWorkers } from '../../src/coordinator/prover-gateway/third-party/third-party-workers.js';
import { CoordinatorServiceController } from '../../src/coordinator/prover-gateway/unary/coordinator-service.controller.js';
import type { ReceiveTasksCall, TaskEvent } from '../../src/coordinator/prover-gateway/unary/task-stream.js';
import { WorkerRegistry } from '../../src/coordinator/prover-gateway/unary/worker-registry.js';
import { identify } from '../../src/coordinator/transport/callers.js';
import { ANYONE } from '../../src/domain/access/caller.js';
import type { TaskStore } from '../../src/coordinator/store/task-store.js';
import type { KernelService } from '../../src/kernel/kernel.service.js';
import {
  RegisterWorkerRequest,
  ReportCompletionRequest,
  type HeldTask,
  type ReceiveTasksResponse,
  type RegisterWorkerResponse,
  type ReportCompletionResponse,
  type SendHeartbeatResponse,
  type TaskAssignment,
} from '../../src/wire/generated/coordinator/coordinator.js';
import { commitmentOf } from '../domain/job-driver.js';
import { JobKit } from '../jobs/job-kit.js';
import { CountingRandom } from '../support/manual-time.js';
import { HEARTBEAT_MS, SCHEDULER } from '../simulation/times.js';

/** The metadata of calls that need no key. */
const OF_ANYONE = new Metadata();
identify(OF_ANYONE, ANYONE);

export const KERNEL_DIGEST = 'd'.repeat(64);
export const LEASE_MS = SCHEDULER.assignment.leaseMs;

/** The service over a real scheduler, without a network, with time in the test's hands. */
export class WorkerKit {
  readonly jobs: JobKit;
  readonly registry: WorkerRegistry;
  readonly service: CoordinatorServiceController;
  readonly streams: StreamSessionParts;
  private readonly kernel: KernelCheck;

  /** @param store what the coordinator of before has left */
  constructor(store?: TaskStore) {
    this.jobs = new JobKit(store);
    const { scheduler, host, bus, jobs } = this.jobs;
    const environment = { DISTRIBUTED_LEASE: `${LEASE_MS}ms`, DISTRIBUTED_HEARTBEAT_INTERVAL: `${HEARTBEAT_MS}ms` };
    const { settings } = loadSettings({ flags: {}, environment, envFile: {} });
    const reports = new ProverReports(jobs, bus);
    const { clock, timers } = host;
    const random = new CountingRandom();
    const kernel = new KernelCheck({ binary: async () => ({ digest: KERNEL_DIGEST }) } as unknown as KernelService);
    const admission = new Admission(scheduler, kernel);
    const connections = new StreamConnections(scheduler, reports, {} as ThirdPartyWorkers, clock, timers);
    this.kernel = kernel;
    this.streams = {
      scheduler,
      admission,
      connections,
      kernel,
      clock,
      timers,
      random,
      heartbeatIntervalMs: HEARTBEAT_MS,
    };
    this.registry = new WorkerRegistry(scheduler, admission, clock, timers, random, settings);
    this.service = new CoordinatorServiceController(this.registry, reports, scheduler, random, settings);
  }

  async start(segments = 1): Promise<this> {
    await this.jobs.start();
    await this.kernel.onApplicationBootstrap();
    this.registry.onApplicationBootstrap();
    this.jobs.work.segments = segments;
    return this;
  }

  async register(workerId: string, change: Partial<RegisterWorkerRequest> = {}): Promise<TestWorker> {
    const request = { workerId, computeUnits: 1, kernelDigest: KERNEL_DIGEST, ...change };
    return new TestWorker(this, await this.service.registerWorker(RegisterWorkerRequest.create(request), OF_ANYONE));
  }

  /** A worker that is registered and receives. */
  async connect(workerId: string, change: Partial<RegisterWorkerRequest> = {}): Promise<TestWorker> {
    const worker = await this.register(workerId, change);
    worker.receive();
    await this.jobs.soon();
    return worker;
  }

  /** How the job's assignments have ended. */
  async causes(): Promise<string[]> {
    const [job] = (await this.jobs.jobs.list({ states: [], labels: {}, after: null, limit: 1 })).jobs;
    const events = job ? await this.jobs.store.events({ job: job.id, after: 0, limit: 1000 }) : [];
    return events.flatMap((event) => (event.type === 'assignment_ended' ? [event.cause] : []));
  }
}

/** A worker as the service sees it: shows its session with every call. */
export class TestWorker {
  streams: TestStream[] = [];

  constructor(
    private readonly kit: WorkerKit,
    readonly registered: RegisterWorkerResponse,
  ) {}

  private get credentials() {
    const { workerId, sessionToken } = this.registered;
    return { workerId, sessionToken };
  }

  receive(): TestStream {
    const stream = new TestStream();
    stream.follow(this.kit.service.receiveTasks(this.credentials, OF_ANYONE, stream.call));
    this.streams.push(stream);
    return stream;
  }

  /** Every assignment on every stream, oldest first. */
  get assignments(): TaskAssignment[] {
    return this.streams.flatMap(({ assignments }) => assignments);
  }

  /** The tasks of every assignment. */
  get given(): string[] {
    return this.assignments.flatMap(({ segments }) => segments.map(({ taskId }) => taskId));
  }

  heldTasks(): HeldTask[] {
    return this.assignments.map(({ jobId, epoch }) => ({ jobId, epoch, taskId: '' }));
  }

  beat(heldTasks: HeldTask[] = this.heldTasks(), leaving = false): SendHeartbeatResponse {
    return this.kit.service.sendHeartbeat({ ...this.credentials, held: heldTasks, load: 0, leaving }, OF_ANYONE);
  }

  report(change: Partial<ReportCompletionRequest>): Promise<ReportCompletionResponse> {
    const { assignmentId = '', epoch = 0n, jobId = '' } = this.assignments[0] ?? {};
    const about = { ...this.credentials, assignmentId, epoch, jobId, ...change };
    return this.kit.jobs.during(this.kit.service.reportCompletion(ReportCompletionRequest.create(about), OF_ANYONE), 5);
  }

  /** Reports the right commitments of segments. */
  commitments(...segments: number[]): Promise<ReportCompletionResponse> {
    const leaves = segments.map((segment) => ({
      taskId: '',
      segment,
      leaf: Buffer.from(commitmentOf(segment), 'hex'),
    }));
    return this.report({ leaves });
  }

  fail(reason: string, handedBack = false) {
    const { assignmentId = '', epoch = 0n, jobId = '' } = this.assignments[0] ?? {};
    const about = { ...this.credentials, assignmentId, epoch, jobId };
    const request = { ...about, reason, retryable: true, taskIds: [], handedBack };
    return this.kit.jobs.during(this.kit.service.reportFailure(request, OF_ANYONE), 5);
  }
}

/** One ReceiveTasks call of a test. */
export class TestStream {
  readonly events: TaskEvent[] = [];
  /** While false, the reader is slow: what is written must wait. */
  reads = true;
  end: { readonly error: unknown } | undefined;
  private readonly emitter = new EventEmitter();
  private subscription: Subscription | undefined;

  readonly call = Object.assign(this.emitter, {
    cancelled: false,
    write: ({ event }: ReceiveTasksResponse) => {
      if (event) this.events.push(event);
      return this.reads;
    },
  }) as unknown as ReceiveTasksCall;

  follow(over: ReturnType<CoordinatorServiceController['receiveTasks']>): void {
    this.subscription = over.subscribe({
      error: (error: unknown) => (this.end = { error }),
      complete: () => (this.end = { error: null }),
    });
  }

  /** The worker, or its connection, is gone. */
  lose(): void {
    this.emitter.emit('cancelled');
    this.subscription?.unsubscribe();
  }

  drain(): void {
    this.reads = true;
    this.emitter.emit('drain');
  }

  get assignments(): TaskAssignment[] {
    return this.events.flatMap((event) => (event.$case === 'assignment' ? [event.value] : []));
  }

  get cancellations() {
    return this.events.flatMap((event) => (event.$case === 'cancellation' ? [event.value] : []));
  }
}
