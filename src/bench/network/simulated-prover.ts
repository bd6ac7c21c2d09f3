import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { targetOf } from '../../client/channel.js';
import { PRODUCT_VERSION, PROTOCOL_VERSION } from '../../config/product.js';
import {
  ExecuteTaskRequest,
  ExecuteTaskResponse,
  TaskType,
  ZiskDistributedApiClient,
  type CoordinatorMessage,
  type Heartbeat,
  type ProverMessage,
  type TaskRef,
} from '../../wire/generated/zisk_distributed_api.js';
import { FEATURES } from '../../wire/extensions.js';
import { fromTimestamp } from '../../wire/timestamps.js';
import { preciseWallMs } from './figures.js';
import { stampedMs } from './simulated-work.js';

/** How long a task of each kind takes, in milliseconds. */
export interface TaskTimes {
  readonly contribute: number;
  readonly prove: number;
  readonly aggregate: number;
}

export interface SimulatedProverOptions {
  readonly id: string;
  /** The coordinator's; another would be refused. */
  readonly kernelDigest: string;
  readonly times: TaskTimes;
  /** The connection, which it may share with others. */
  readonly client: ZiskDistributedApiClient;
}

/** A connection to a coordinator, for provers that share one. */
export function connectionTo(url: string): ZiskDistributedApiClient {
  const { address, credentials, options } = targetOf(url);
  return new ZiskDistributedApiClient(address, credentials, options);
}

const DIGEST_BYTES = 32;

/** A prover that does nothing for as long as a real one would work. One task at a time. */
export class SimulatedProver {
  /** From a phase being ready to the assignment being here, for assignments that found this prover idle. */
  readonly dispatchMs: number[] = [];
  /** From the coordinator's heartbeats being sent to their being here. */
  readonly heartbeatMs: number[] = [];
  /** Assignments received, and the bytes of their messages. */
  assignmentsReceived = 0;
  assignmentBytes = 0;
  /** When it worked: pairs of Unix milliseconds. */
  readonly busy: [number, number][] = [];
  private readonly stream: ClientDuplexStream<ProverMessage, CoordinatorMessage>;
  private readonly assignments = new Map<string, ExecuteTaskRequest>();
  private working: Promise<void> = Promise.resolve();
  private waiting = 0;

  private constructor(private readonly options: SimulatedProverOptions) {
    this.stream = options.client.proverStream();
    this.stream.on('data', ({ payload }: CoordinatorMessage) => this.receive(payload));
    this.stream.on('error', () => undefined);
  }

  /** Resolves once it is registered. @throws Error where it is refused */
  static async connect(options: SimulatedProverOptions): Promise<SimulatedProver> {
    const prover = new SimulatedProver(options);
    const answer = new Promise<void>((resolve, reject) => {
      prover.stream.once('error', reject);
      prover.stream.on('data', ({ payload }: CoordinatorMessage) => {
        if (payload?.$case !== 'registerResponse') return;
        if (payload.value.accepted) resolve();
        else reject(new Error(payload.value.message));
      });
    });
    prover.register();
    await answer;
    return prover;
  }

  close(): void {
    this.stream.end();
  }

  private register(): void {
    const { id, kernelDigest } = this.options;
    this.send({
      $case: 'register',
      value: {
        proverId: id,
        computeCapacity: { computeUnits: 1 },
        description: {
          protocolVersion: PROTOCOL_VERSION,
          softwareVersion: PRODUCT_VERSION,
          kernelDigest,
          features: [...FEATURES],
          heldGrants: [],
          unacknowledgedResults: [],
          hostname: 'simulated',
          pid: process.pid,
          instance: '',
        },
      },
    });
  }

  private receive(payload: CoordinatorMessage['payload']): void {
    if (payload?.$case === 'executeTask') this.take(payload.value);
    if (payload?.$case === 'heartbeat') this.heard(payload.value);
    if (payload?.$case === 'revoke') this.assignments.delete(assignmentKey(payload.value));
    if (payload?.$case === 'jobCancelled') {
      for (const [key, { jobId }] of this.assignments) if (jobId === payload.value.jobId) this.assignments.delete(key);
    }
  }

  private heard({ timestamp }: Heartbeat): void {
    if (timestamp) this.heartbeatMs.push(Math.max(0, preciseWallMs() - fromTimestamp(timestamp)));
    this.beat();
  }

  private take(assignment: ExecuteTaskRequest): void {
    this.assignmentsReceived += 1;
    this.assignmentBytes += ExecuteTaskRequest.encode(assignment).finish().length;
    const readyMs = readySince(assignment);
    if (this.waiting === 0 && readyMs !== null) this.dispatchMs.push(preciseWallMs() - readyMs);
    this.send({ $case: 'taskAck', value: { jobId: assignment.jobId, epoch: assignment.epoch } });
    this.assignments.set(assignmentKey(assignment), assignment);
    for (const task of assignment.tasks) {
      this.waiting += 1;
      this.working = this.working.then(() => this.work(assignment, task));
    }
  }

  private async work(assignment: ExecuteTaskRequest, task: TaskRef): Promise<void> {
    if (this.assignments.has(assignmentKey(assignment))) {
      const startMs = preciseWallMs();
      const tookMs = this.timeOf(assignment.taskType);
      if (tookMs > 0) await sleep(tookMs);
      this.busy.push([startMs, preciseWallMs()]);
      this.answer(assignment, task);
    }
    this.waiting -= 1;
  }

  private timeOf(type: TaskType): number {
    const { contribute, prove, aggregate } = this.options.times;
    if (type === TaskType.PARTIAL_CONTRIBUTION) return contribute;
    return type === TaskType.PROVE ? prove : aggregate;
  }

  private answer(assignment: ExecuteTaskRequest, { taskId, segment }: TaskRef): void {
    const digest = Buffer.alloc(DIGEST_BYTES);
    digest.writeUInt32LE(segment);
    const isCommitment = assignment.taskType === TaskType.PARTIAL_CONTRIBUTION;
    const artifact = { sha256: digest.toString('hex'), size: 1n };
    const value = ExecuteTaskResponse.create({
      jobId: assignment.jobId,
      proverId: this.options.id,
      taskType: assignment.taskType,
      success: true,
      epoch: assignment.epoch,
      results: [
        { taskId, result: isCommitment ? { $case: 'leaf', value: digest } : { $case: 'artifact', value: artifact } },
      ],
    });
    this.send({ $case: 'executeTaskResponse', value });
  }

  private beat(): void {
    const heldGrants = [...this.assignments.values()].map(({ jobId, epoch, tasks }) => ({
      jobId,
      epoch,
      taskIds: tasks.map(({ taskId }) => taskId),
    }));
    this.send({ $case: 'heartbeatAck', value: { proverId: this.options.id, heldGrants } });
  }

  private send(payload: NonNullable<ProverMessage['payload']>): void {
    this.stream.write({ payload });
  }
}

function assignmentKey({ jobId, epoch }: { jobId: string; epoch: bigint }): string {
  return `${jobId}#${epoch}`;
}

/** When the phase of this assignment became ready; null where the assignment does not say. */
function readySince({ taskType, statement, challenge }: ExecuteTaskRequest): number | null {
  if (taskType === TaskType.PARTIAL_CONTRIBUTION) return statement ? stampedMs(statement.output) : null;
  return taskType === TaskType.PROVE ? stampedMs(challenge) : null;
}
