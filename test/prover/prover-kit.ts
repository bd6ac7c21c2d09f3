import { join } from 'node:path';
import { loadSettings } from '../../src/config/settings.loader.js';
import { ContentStore } from '../../src/content/content-store.js';
import { KernelError } from '../../src/kernel/kernel.error.js';
import type { KernelCallOptions } from '../../src/kernel/kernel.js';
import type { ProveRequest } from '../../src/kernel/kernel.types.js';
import { DataFolder } from '../../src/prover/data-folder.js';
import { ProverIdentity } from '../../src/prover/prover-identity.js';
import { ProverService } from '../../src/prover/prover.service.js';
import {
  AggParams,
  ExecuteTaskRequest,
  ResultVerdict,
  TaskType,
  type ExecuteTaskResponse,
  type Statement,
} from '../../src/wire/generated/zisk_distributed_api.js';
import { CountingRandom, ManualTime } from '../support/manual-time.js';
import { scratchFolder } from '../support/program.js';
import { ScriptedKernel } from '../support/scripted-kernel.js';
import type { Conversation, TestCoordinator } from './test-coordinator.js';

export const UNITS = 2;
export const KERNEL_DIGEST = 'd'.repeat(64);

const elf = Buffer.from('a program');
const input = Buffer.from('an input');
const LIMITS = { maxCycles: 1000n, maxMemoryBytes: 1, maxOutputBytes: 1 };
const commitments = Array.from({ length: 4 }, (_, index) => Buffer.alloc(32, index));

/** A kernel whose proofs wait until the test lets them go. */
export class GatedKernel extends ScriptedKernel {
  /** Segments whose proof waits. */
  readonly paused = new Set<number>();
  private readonly gates = new Map<number, () => void>();

  release(segment: number): void {
    this.paused.delete(segment);
    this.gates.get(segment)?.();
  }

  override async prove(request: ProveRequest, options?: KernelCallOptions): ReturnType<ScriptedKernel['prove']> {
    if (this.paused.has(request.segment)) await this.gate(request.segment, options?.signal);
    return super.prove(request, options);
  }

  private gate(segment: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      this.gates.set(segment, resolve);
      signal?.addEventListener('abort', () => reject(new KernelError('aborted', 'the kernel call was cancelled')));
    });
  }
}

/** A prover in this process, with time in the test's hands. */
export class ProverKit {
  readonly time = new ManualTime();
  readonly kernel = new GatedKernel();
  readonly service: ProverService;

  constructor(
    readonly coordinator: TestCoordinator,
    transport: 'stream' | 'unary' = 'stream',
  ) {
    const { settings } = loadSettings({
      flags: {},
      environment: { DISTRIBUTED_SERVER_URL: coordinator.url, DISTRIBUTED_PROVER_TRANSPORT: transport },
      envFile: {},
    });
    const random = new CountingRandom();
    const folder = DataFolder.claim(scratchFolder());
    const content = new ContentStore({ folder: join(folder.path, 'artifacts'), maxBytes: 2 ** 20 }, random);
    const identity = new ProverIdentity('prover-1', UNITS, KERNEL_DIGEST, 'host', 7, 'instance');
    const { time, kernel } = this;
    this.service = new ProverService(settings, identity, kernel, content, folder, time.clock, time, random);
  }

  /** Starts the prover and registers it. @param heartbeatIntervalMs how often the coordinator promises to speak */
  async connect(heartbeatIntervalMs = 600_000): Promise<Conversation> {
    const connection = this.coordinator.connection();
    this.service.onApplicationBootstrap();
    const conversation = await connection;
    await conversation.next('register');
    conversation.accept({ heartbeatIntervalMs });
    await conversation.next('heartbeatAck');
    return conversation;
  }
}

/** Assignments as the coordinator gives them for one job. */
export class TestAssignments {
  private epoch = 0n;

  constructor(
    private readonly coordinator: TestCoordinator,
    private readonly kernel: ScriptedKernel,
  ) {}

  contribute(segments: readonly number[]): ExecuteTaskRequest {
    return this.assignment(
      TaskType.PARTIAL_CONTRIBUTION,
      segments.map((segment) => [`contribute/${segment}`, segment]),
    );
  }

  async prove(segments: readonly number[]): Promise<ExecuteTaskRequest> {
    const assignment = this.assignment(
      TaskType.PROVE,
      segments.map((segment) => [`prove/1/${segment}`, segment]),
    );
    return { ...assignment, ...(await this.binding()) };
  }

  async aggregate(proofs: readonly Uint8Array[], verifyProofs = false): Promise<ExecuteTaskRequest> {
    const segmentProofs = proofs.map((proof, segment) => ({ segment, artifact: this.coordinator.keep(proof) }));
    const assignment = this.assignment(TaskType.AGGREGATE, [['aggregate/1', 0]]);
    const params = { $case: 'aggParams', value: AggParams.create({ verifyProofs }) } as const;
    return { ...assignment, ...(await this.binding()), segmentProofs, params };
  }

  statement(): Statement {
    const plan = this.kernel.halts({ elf, input, segmentCycles: 1024, purpose: 'prove', limits: LIMITS });
    if (plan.outcome === 'failed') throw new Error('the scripted guest halts');
    return { ...plan.statement, output: Buffer.from(plan.statement.output) };
  }

  private async binding(): Promise<Pick<ExecuteTaskRequest, 'leaves' | 'challenge'>> {
    const challenge = await this.kernel.challenge({
      statement: this.statement(),
      commitments: Buffer.concat(commitments),
    });
    return { leaves: Buffer.concat(commitments), challenge: Buffer.from(challenge) };
  }

  private assignment(taskType: TaskType, tasks: readonly (readonly [string, number])[]): ExecuteTaskRequest {
    this.epoch += 1n;
    return ExecuteTaskRequest.create({
      proverId: 'prover-1',
      jobId: 'job-1',
      taskType,
      epoch: this.epoch,
      leaseMs: 15_000,
      tasks: tasks.map(([taskId, segment]) => ({ taskId, segment })),
      program: this.coordinator.keep(elf),
      input: this.coordinator.keep(input),
      segmentCycles: 1024,
      round: 1,
      statement: this.statement(),
    });
  }
}

/** Takes so many successful answers and returns their results by task, acknowledged or not. */
export async function results(
  conversation: Conversation,
  count: number,
  acknowledge = true,
): Promise<Map<string, ExecuteTaskResponse['results'][number]['result']>> {
  const found = new Map<string, ExecuteTaskResponse['results'][number]['result']>();
  while (found.size < count) {
    const answer = await conversation.next('executeTaskResponse', ({ success }) => success);
    for (const { taskId, result } of answer.results) {
      found.set(taskId, result);
      if (acknowledge) acknowledgeTask(conversation, answer, taskId);
    }
  }
  return found;
}

export function acknowledgeTask(
  conversation: Conversation,
  { jobId, epoch }: Pick<ExecuteTaskResponse, 'jobId' | 'epoch'>,
  taskId: string,
  verdict: ResultVerdict = ResultVerdict.RESULT_VERDICT_ACCEPTED,
): void {
  conversation.tell({ $case: 'resultAck', value: { jobId, taskId, epoch, verdict, reason: '' } });
}

/** Asks by a heartbeat until the prover holds so many assignments. */
export async function untilHolds(conversation: Conversation, count: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    conversation.tell({ $case: 'heartbeat', value: { timestamp: undefined } });
    const { heldGrants } = await conversation.next('heartbeatAck');
    if (heldGrants.length === count) return;
  }
  throw new Error(`the prover does not hold ${count} assignments`);
}
