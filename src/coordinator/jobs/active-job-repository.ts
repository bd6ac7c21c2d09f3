import { DomainError } from '../../domain/errors.js';
import { PersistentList } from '../../domain/persistent-list.js';
import type { JobId, ProverId } from '../../domain/ids.js';
import type { JobHeader } from '../../domain/job/changes.js';
import type { JobCommand } from '../../domain/job/command.js';
import { accept, type Decide } from '../../domain/job/decide.js';
import type { Decision } from '../../domain/job/decision.js';
import { stateLost } from '../../domain/job/failure.js';
import { isTerminal, type JobState } from '../../domain/job/job-state.js';
import type { Clock } from '../../lifecycle/clock.js';
import type { Timers } from '../../lifecycle/timers.js';
import { errorMessage } from '../../lifecycle/system-error.js';
import { StoreError } from '../store/store.error.js';
import type { QuarantineEntry, TaskStore } from '../store/task-store.js';
import { CommitBatch, type Applied, type Decided } from './commit-batch.js';
import type { Defer } from './defer.js';

export interface RepositoryParts {
  readonly store: TaskStore;
  readonly decide: Decide;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly defer: Defer;
}

/** Hears what is committed, in order; an effect is never carried out for a state that was not. */
export interface CommitListener {
  /** Something is decided, and not yet committed. */
  readonly decided: (decision: Decision) => void;
  /** The turn is about to be committed: what is decided now on its ground goes into the same transaction. */
  readonly beforeCommit: () => void;
  /** @param tookMs how long the store took */
  readonly committed: (decided: readonly Decided[], tookMs: number) => void;
  /** The jobs were read from the store: at the start, and after it could not be written for a while. */
  readonly reloaded: (jobs: readonly JobState[]) => void;
  /** A job could not be read from the store: it is ended for that, and the others go on. */
  readonly unreadable: (job: JobId, error: StoreError) => void;
  /** The store failed; nothing is accepted until `reloaded`. */
  readonly stalled: (error: unknown) => void;
}

/** A job in memory: as decided so far, as last handed to the store, and as the store has confirmed it. */
interface Resident {
  working: JobState;
  flushed: JobState | null;
  committed: JobState | null;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;

/**
 * The jobs that are under way, in memory, and the one way to change them. Commands are decided at once, one after the
 * other; what they change is committed once per turn of the event loop; callers and effects wait for the commit. When
 * a commit fails nothing of it has happened: memory is dropped and read again from the store.
 */
export class ActiveJobRepository {
  private readonly jobs = new Map<JobId, Resident>();
  private readonly loading = new Map<JobId, Promise<void>>();
  private readonly listeners: Partial<CommitListener>[] = [];
  private batch = new CommitBatch();
  private committing = false;
  private scheduled = false;
  private cause: unknown = null;
  private state: 'new' | 'ready' | 'stalled' | 'closed' = 'new';

  constructor(private readonly parts: RepositoryParts) {}

  listen(listener: Partial<CommitListener>): void {
    this.listeners.push(listener);
  }

  /** Reads the active jobs. @throws StoreError when the store cannot be read. */
  async start(): Promise<void> {
    await this.reload();
  }

  /** No command is accepted any more; what was accepted is committed. */
  async close(): Promise<void> {
    while (this.committing || !this.batch.isEmpty) await this.nextFlush();
    this.state = 'closed';
  }

  get isReady(): boolean {
    return this.state === 'ready';
  }

  /** Jobs in PLANNING or RUNNING, as decided so far. */
  active(): JobState[] {
    return [...this.jobs.values()].map((entry) => entry.working).filter(isActive);
  }

  /** The job as decided so far, if it is in memory. */
  find(id: JobId): JobState | undefined {
    return this.jobs.get(id)?.working;
  }

  /** The job as the store has it, if it is in memory: what clients may be told. */
  findCommitted(id: JobId): JobState | undefined {
    return this.jobs.get(id)?.committed ?? undefined;
  }

  /** Brings a new job into being. */
  async submit(fresh: JobState, idempotencyKey: string | null): Promise<Applied> {
    this.assertReady();
    const decision = accept(fresh, this.now());
    this.jobs.set(fresh.id, { working: decision.job, flushed: null, committed: null });
    return this.enqueue(null, decision, idempotencyKey);
  }

  /**
   * Applies a command to a job. Resolves once the outcome is committed.
   *
   * @throws DomainError JOB_NOT_FOUND; SYSTEM_UNAVAILABLE when the store fails or the coordinator is stopping.
   */
  async apply(id: JobId, command: JobCommand): Promise<Applied> {
    this.assertReady();
    if (!this.jobs.has(id)) await this.load(id);
    const entry = this.jobs.get(id);
    if (!entry) throw jobNotFound(id);
    const before = entry.working;
    const decision = this.parts.decide(before, command, this.now());
    entry.working = decision.job;
    return this.enqueue(entry.flushed, decision, null);
  }

  /** Quarantines provers, or releases them, outside of any job. */
  async changeQuarantine(entries: readonly QuarantineEntry[], released: readonly ProverId[]): Promise<void> {
    this.assertReady();
    for (const entry of entries) this.batch.quarantine(entry);
    for (const prover of released) this.batch.release(prover);
    this.schedule();
    await this.batch.committed();
  }

  private enqueue(flushed: JobState | null, decision: Decision, idempotencyKey: string | null): Promise<Applied> {
    for (const { prover, reason } of decision.quarantines) {
      const sinceMs = this.parts.clock.wallMs();
      this.batch.quarantine({ prover, cause: 'fault', reason, job: decision.job.id, sinceMs });
    }
    for (const listener of this.listeners) listener.decided?.(decision);
    this.schedule();
    return this.batch.add(flushed, decision, idempotencyKey);
  }

  private schedule(): void {
    if (this.scheduled || this.committing) return;
    this.scheduled = true;
    this.parts.defer.run(() => void this.flush());
  }

  private async flush(): Promise<void> {
    if (this.state === 'ready') for (const listener of this.listeners) listener.beforeCommit?.();
    this.scheduled = false;
    const batch = this.batch;
    this.batch = new CommitBatch();
    for (const job of batch.changed()) this.markFlushed(job);
    this.committing = true;
    const beganMs = this.parts.clock.monotonicMs();
    try {
      const contents = batch.contents();
      if (contents) await this.parts.store.commit(contents);
    } catch (error) {
      this.fail(batch, error);
      return;
    } finally {
      this.committing = false;
    }
    this.succeed(batch, this.parts.clock.monotonicMs() - beganMs);
  }

  private markFlushed(job: JobState): void {
    const entry = this.jobs.get(job.id);
    if (entry) entry.flushed = job;
  }

  private succeed(batch: CommitBatch, tookMs: number): void {
    for (const job of batch.changed()) {
      const entry = this.jobs.get(job.id);
      if (entry) entry.committed = job;
    }
    this.evict(batch);
    batch.resolve();
    for (const listener of this.listeners) listener.committed?.(batch.decided, tookMs);
    if (!this.batch.isEmpty) this.schedule();
  }

  /** Only jobs under way stay in memory; the others are read when somebody asks. */
  private evict(batch: CommitBatch): void {
    for (const { job } of batch.decided) {
      const entry = this.jobs.get(job.id);
      if (entry && entry.working === entry.flushed && !isActive(entry.working)) this.jobs.delete(job.id);
    }
  }

  private fail(batch: CommitBatch, error: unknown): void {
    const later = this.batch;
    this.batch = new CommitBatch();
    this.jobs.clear();
    this.state = 'stalled';
    this.cause = error;
    batch.reject(unavailable(error));
    later.reject(unavailable(error));
    for (const listener of this.listeners) listener.stalled?.(error);
    this.retryLater(FIRST_RETRY_MS);
  }

  private retryLater(delayMs: number): void {
    this.parts.timers.after(delayMs, () => {
      if (this.state !== 'stalled') return;
      this.reload().catch(() => this.retryLater(Math.min(delayMs * 2, LAST_RETRY_MS)));
    });
  }

  private async reload(): Promise<void> {
    if (this.state === 'stalled') await this.parts.store.probe();
    const ids = await this.parts.store.activeJobs();
    const jobs = await Promise.all(ids.map((id) => this.restored(id)));
    if (this.state === 'closed') return;
    const found = jobs.filter((job) => job !== null);
    for (const job of found) this.jobs.set(job.id, { working: job, flushed: job, committed: job });
    this.state = 'ready';
    for (const listener of this.listeners) listener.reloaded?.(found);
  }

  /** null for a job that is abandoned. */
  private async restored(id: JobId): Promise<JobState | null> {
    try {
      return await this.parts.store.loadJob(id);
    } catch (error) {
      await this.abandon(id, error);
      return null;
    }
  }

  /** One job that cannot be read holds up no other. What is no fault of a job is thrown again. */
  private async abandon(id: JobId, error: unknown): Promise<void> {
    if (!(error instanceof StoreError && error.code === 'unreadable')) throw error;
    try {
      await this.parts.store.abandon(id, stateLost(errorMessage(error.cause)), this.now().wallMs);
    } catch {
      // The store cannot be written now: the job stays as it is, and is met again when it is next read.
      return;
    }
    for (const listener of this.listeners) listener.unreadable?.(id, error);
  }

  /** A job that is not under way: waiting, or ended; of an ended one only the outcome matters. */
  private load(id: JobId): Promise<void> {
    const known = this.loading.get(id) ?? this.read(id).finally(() => this.loading.delete(id));
    this.loading.set(id, known);
    return known;
  }

  private async read(id: JobId): Promise<void> {
    const header = await this.header(id).catch((error: unknown) => {
      throw unavailable(error);
    });
    if (!header || this.jobs.has(id) || !this.isReady) return;
    const job: JobState = { ...header, run: null, assignments: PersistentList.of([]) };
    if (isActive(job)) throw unavailable(new Error(`job ${id} is active and not in memory`));
    this.jobs.set(id, { working: job, flushed: job, committed: job });
  }

  private async header(id: JobId): Promise<JobHeader | null> {
    try {
      return await this.parts.store.header(id);
    } catch (error) {
      await this.abandon(id, error);
      return this.parts.store.header(id);
    }
  }

  private assertReady(): void {
    if (this.state === 'stalled') throw unavailable(this.cause);
    if (this.state !== 'ready') throw unavailable(new Error(`the jobs are ${this.state}`));
  }

  private now() {
    return { monoMs: this.parts.clock.monotonicMs(), wallMs: this.parts.clock.wallMs() };
  }

  private nextFlush(): Promise<void> {
    return new Promise((resolve) => this.parts.defer.run(resolve));
  }
}

function isActive({ status }: JobState): boolean {
  return !isTerminal(status) && status.kind !== 'QUEUED';
}

export function jobNotFound(id: string): DomainError {
  return new DomainError('JOB_NOT_FOUND', `there is no job ${id}`, 'list the jobs to see which there are');
}

/** What a client is told when the store fails: nothing was accepted, and it may try again. */
export function unavailable(error: unknown): DomainError {
  const cause = error instanceof Error ? error.message : String(error);
  const hint = error instanceof StoreError ? error.hint : 'try again in a moment';
  return new DomainError('SYSTEM_UNAVAILABLE', `the coordinator cannot store changes now: ${cause}`, hint, {
    cause: error,
  });
}
