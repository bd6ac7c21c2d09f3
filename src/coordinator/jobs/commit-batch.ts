import type { JobId, ProverId } from '../../domain/ids.js';
import { changesBetween } from '../../domain/job/changes.js';
import type { Decision, Outcome } from '../../domain/job/decision.js';
import type { JobEvent } from '../../domain/job/event.js';
import type { JobState } from '../../domain/job/job-state.js';
import type { JobWrite, QuarantineEntry, StoreBatch } from '../store/task-store.js';

/** One decision of a batch, with the state it led to: effects are carried out with exactly that state in hand. */
export interface Decided {
  readonly job: JobState;
  readonly decision: Decision;
}

/** What a caller of `apply` learns, once it is committed. */
export interface Applied {
  readonly job: JobState;
  readonly outcome: Outcome;
}

interface Pending {
  readonly before: JobState | null;
  after: JobState;
  readonly events: JobEvent[];
  readonly idempotencyKey: string | null;
}

interface Caller {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Decisions of one turn of the event loop, to be committed in one transaction and answered after it. */
export class CommitBatch {
  readonly decided: Decided[] = [];
  private readonly pending = new Map<JobId, Pending>();
  private readonly callers: Caller[] = [];
  private readonly quarantined: QuarantineEntry[] = [];
  private readonly released: ProverId[] = [];

  get isEmpty(): boolean {
    return this.callers.length === 0 && this.quarantined.length === 0 && this.released.length === 0;
  }

  /** `before` is what the store has, or will have after the batches already under way; null for a new job. */
  async add(before: JobState | null, decision: Decision, idempotencyKey: string | null = null): Promise<Applied> {
    const { job } = decision;
    const pending = this.pending.get(job.id);
    if (pending) {
      pending.after = job;
      pending.events.push(...decision.events);
    } else if (job !== before) {
      this.pending.set(job.id, { before, after: job, events: [...decision.events], idempotencyKey });
    }
    this.decided.push({ job, decision });
    await this.committed();
    return { job, outcome: decision.outcome };
  }

  /** Resolves or rejects with the batch. */
  committed(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.callers.push({ resolve, reject });
    });
  }

  quarantine(entry: QuarantineEntry): void {
    this.quarantined.push(entry);
  }

  release(prover: ProverId): void {
    this.released.push(prover);
  }

  /** Jobs whose state the batch changes, as they will be. */
  changed(): JobState[] {
    return [...this.pending.values()].map((pending) => pending.after);
  }

  /** What to write, null for nothing. However many decisions a job went through in this turn, it is written once. */
  contents(): StoreBatch | null {
    if (this.pending.size + this.quarantined.length + this.released.length === 0) return null;
    const jobs = [...this.pending.values()].map(({ before, after, events, idempotencyKey }): JobWrite => ({
      base: before?.version ?? null,
      changes: changesBetween(before, after, events),
      idempotencyKey,
    }));
    return { jobs, quarantined: this.quarantined, released: this.released };
  }

  resolve(): void {
    for (const { resolve } of this.callers) resolve();
  }

  reject(error: unknown): void {
    for (const { reject } of this.callers) reject(error);
  }
}
