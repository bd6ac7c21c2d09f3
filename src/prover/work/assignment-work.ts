import type { BusySpan } from '../../domain/job/prover-report.js';
import { KernelError, type KernelErrorCode } from '../../kernel/kernel.error.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { KernelProgress } from '../../kernel/kernel.types.js';
import type { Clock } from '../../lifecycle/clock.js';
import { errorMessage } from '../../lifecycle/system-error.js';
import { ArtifactError, type ArtifactFetcher } from './artifact-fetcher.js';
import type { Slots } from './slots.js';
import { batchesOf, TaskRunner, type ComputedResult } from './task-runner.js';
import type { LocalTask, LocalAssignment } from './local-assignment.js';

/** What work needs. */
export interface WorkTools {
  readonly kernel: Kernel;
  readonly artifacts: ArtifactFetcher;
  /** One for each compute unit, shared by all assignments. */
  readonly slots: Slots;
  readonly clock: Clock;
}

export interface WorkFailure {
  readonly tasks: readonly LocalTask[];
  /** A code of the kernel or of this prover. */
  readonly code: string;
  readonly message: string;
  /** Whether this prover may succeed at it another time. */
  readonly retryable: boolean;
}

/** Where an assignment's work says what came of it. */
export interface WorkReports {
  readonly result: (assignment: LocalAssignment, task: LocalTask, computed: ComputedResult, busy: BusySpan) => void;
  readonly failure: (assignment: LocalAssignment, failure: WorkFailure) => void;
  readonly progress: (assignment: LocalAssignment, task: LocalTask, progress: KernelProgress) => void;
  /** No task of the assignment is open any more. */
  readonly over: (assignment: LocalAssignment) => void;
}

interface Batch {
  readonly tasks: readonly LocalTask[];
  readonly abort: AbortController;
}

/** Works on one assignment: each task ends as a result, as a failure, or revoked. */
export class AssignmentWork {
  /** Tasks that have not ended. */
  private readonly open: Map<string, LocalTask>;
  private readonly batches = new Set<Batch>();
  private readonly stopStarting = new AbortController();
  private readonly stopAll = new AbortController();
  private readonly runner: TaskRunner;
  private settled: Promise<unknown> = Promise.resolve();

  constructor(
    readonly assignment: LocalAssignment,
    private readonly tools: WorkTools,
    private readonly reports: WorkReports,
  ) {
    this.open = new Map(assignment.localTasks.map((task) => [task.key, task]));
    this.runner = new TaskRunner(assignment, tools.kernel, tools.artifacts, this.stopAll.signal);
  }

  get isOver(): boolean {
    return this.open.size === 0;
  }

  start(): void {
    const batches = batchesOf(this.assignment, this.tools.slots.count);
    this.settled = Promise.all(batches.map((tasks) => this.work({ tasks, abort: new AbortController() })));
  }

  /** Drops tasks, or all of them where none is named; whatever nobody wants any more stops at once. */
  revoke(keys: readonly string[]): void {
    const dropped = keys.length > 0 ? keys : [...this.open.keys()];
    for (const key of dropped) this.open.delete(key);
    for (const batch of this.batches) if (!this.isWanted(batch)) batch.abort.abort();
    this.endIfOver();
  }

  /** Starts nothing more. Resolves when nothing runs any more; tasks that never ran stay open. */
  async finishRunning(): Promise<void> {
    this.stopStarting.abort();
    await this.settled;
  }

  private async work(batch: Batch): Promise<void> {
    this.batches.add(batch);
    const release = await this.tools.slots.take(AbortSignal.any([batch.abort.signal, this.stopStarting.signal]));
    try {
      if (release && this.isWanted(batch)) await this.run(batch);
    } finally {
      release?.();
      this.batches.delete(batch);
    }
  }

  private async run(batch: Batch): Promise<void> {
    const { clock } = this.tools;
    const { signal } = batch.abort;
    const startMs = clock.wallMs();
    try {
      const onProgress = (progress: KernelProgress) => this.showProgress(batch, progress);
      const results = await this.runner.compute(batch.tasks, { signal, onProgress });
      this.deliver(batch, results, { startMs, endMs: clock.wallMs() });
    } catch (error) {
      this.fail(batch, error);
    }
  }

  private deliver({ tasks }: Batch, results: readonly ComputedResult[], busy: BusySpan): void {
    for (const [index, task] of tasks.entries()) {
      const computed = results[index];
      if (computed && this.open.delete(task.key)) this.reports.result(this.assignment, task, computed, busy);
    }
    this.endIfOver();
  }

  private fail(batch: Batch, error: unknown): void {
    const tasks = batch.tasks.filter(({ key }) => this.open.has(key));
    if (tasks.length === 0 || isEnding(error)) return;
    for (const { key } of tasks) this.open.delete(key);
    this.reports.failure(this.assignment, { tasks, ...describe(error) });
    this.endIfOver();
  }

  private showProgress({ tasks }: Batch, progress: KernelProgress): void {
    const task = tasks.find(({ key }) => this.open.has(key));
    if (task) this.reports.progress(this.assignment, task, progress);
  }

  private isWanted({ tasks }: Batch): boolean {
    return tasks.some(({ key }) => this.open.has(key));
  }

  private endIfOver(): void {
    if (!this.isOver || this.stopAll.signal.aborted) return;
    this.stopAll.abort();
    this.reports.over(this.assignment);
  }
}

/** Failures of the kernel that say nothing about the task: another try may succeed. */
const PASSING: ReadonlySet<KernelErrorCode> = new Set([
  'trapped',
  'out_of_memory',
  'timeout',
  'queue_full',
  'worker_lost',
  'unavailable',
]);

function isEnding(error: unknown): boolean {
  return (
    (error instanceof KernelError && error.code === 'closed') ||
    (error instanceof ArtifactError && error.code === 'aborted')
  );
}

function describe(error: unknown): Omit<WorkFailure, 'tasks'> {
  const message = errorMessage(error);
  if (error instanceof KernelError) return { code: error.code, message, retryable: PASSING.has(error.code) };
  if (error instanceof ArtifactError) return { code: error.code, message, retryable: true };
  return { code: 'internal', message, retryable: false };
}
