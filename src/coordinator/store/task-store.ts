import type { JobId, ProverId, Sha256 } from '../../domain/ids.js';
import { headerOf, type JobChanges, type JobHeader } from '../../domain/job/changes.js';
import type { JobFailure } from '../../domain/job/failure.js';
import type { JobEvent } from '../../domain/job/event.js';
import type { JobState, JobStatus } from '../../domain/job/job-state.js';
import { progressOf, type JobProgress } from '../../domain/job/progress-view.js';
import type { JobRequest } from '../../domain/job/request.js';

/** The client's name for a request; it stands for one job as long as the job is kept. */
export interface IdempotencyEntry {
  readonly key: string;
  readonly job: JobId;
  readonly request: JobRequest;
}

/** One job's part of a batch. */
export interface JobWrite {
  /** Version the changes start from; null for a new job. Any other version in the store refuses the whole batch. */
  readonly base: number | null;
  readonly changes: JobChanges;
  readonly idempotencyKey: string | null;
}

/** A job without its tasks. */
export interface JobSummary {
  readonly header: JobHeader;
  /** The program's public output, hexadecimal; null until it is known. */
  readonly output: string | null;
  readonly progress: JobProgress;
}

/** The same of a job that is at hand. */
export function summaryOf(job: JobState): JobSummary {
  return { header: headerOf(job), output: job.run?.plan.output ?? null, progress: progressOf(job) };
}

/** A prover that is given no work, until it is released. */
export interface QuarantineEntry {
  readonly prover: ProverId;
  /** It gave wrong results, or an operator sent it home. */
  readonly cause: 'fault' | 'drain';
  readonly reason: string;
  readonly job: JobId | null;
  readonly sinceMs: number;
}

/** What is written in one transaction: all of it or nothing. */
export interface StoreBatch {
  readonly jobs: readonly JobWrite[];
  readonly quarantined: readonly QuarantineEntry[];
  readonly released: readonly ProverId[];
}

export interface JobQuery {
  /** All of these, or every state when empty. */
  readonly states: readonly JobStatus['kind'][];
  /** Jobs that carry all of these labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Continue after this position of an earlier page; null for the first page. */
  readonly after: number | null;
  readonly limit: number;
}

/** Newest first. `next` is the position to continue after, null on the last page. */
export interface JobPage {
  readonly jobs: readonly JobHeader[];
  readonly next: number | null;
}

/** Events of one job in order. */
export interface EventQuery {
  readonly job: JobId;
  /** Only events with a larger sequence number. */
  readonly after: number;
  readonly limit: number;
}

/**
 * Everything the coordinator keeps, and its injection token. Every call rejects with `StoreError` and nothing else.
 * What a resolved `commit` wrote survives the end of the process and, where the store is on disk, of the machine.
 */
export abstract class TaskStore {
  /** @throws StoreError `conflict` when a job is not at its base version; then nothing is written. */
  abstract commit(batch: StoreBatch): Promise<void>;

  /**
   * Of a job that has ended, what can be read.
   * @throws StoreError `unreadable` where a job that has not ended cannot be restored.
   */
  abstract loadJob(id: JobId): Promise<JobState | null>;
  /** @throws StoreError as `loadJob`, as far as the header goes. */
  abstract header(id: JobId): Promise<JobHeader | null>;
  /** What is shown of a job, without its tasks, which may be many. */
  abstract summary(id: JobId): Promise<JobSummary | null>;
  /** Jobs that cannot be read are listed as failed. */
  abstract list(query: JobQuery): Promise<JobPage>;
  abstract events(query: EventQuery): Promise<JobEvent[]>;

  /** Jobs in PLANNING or RUNNING: what a starting coordinator takes up again. */
  abstract activeJobs(): Promise<JobId[]>;
  /** Waiting jobs, larger priority first, then older first. */
  abstract queuedJobs(limit: number): Promise<JobId[]>;
  /** Number of jobs that have not ended. */
  abstract countOpen(): Promise<number>;

  abstract idempotencyEntry(key: string): Promise<IdempotencyEntry | null>;
  abstract quarantines(): Promise<QuarantineEntry[]>;

  /** Ends a job that is `unreadable`, whatever its rows are; they stay as they are. @param atMs Unix milliseconds */
  abstract abandon(job: JobId, failure: JobFailure, atMs: number): Promise<void>;

  /** Which of these artifacts some job refers to: its program, input and final proof, and its proofs while it runs. */
  abstract referenced(artifacts: readonly Sha256[]): Promise<Set<Sha256>>;

  /** Forgets jobs that ended before a moment (Unix milliseconds), at most `limit`; returns how many. */
  abstract purge(endedBeforeMs: number, limit: number): Promise<number>;

  /** Whether a commit would be taken now, as far as can be told. @throws StoreError */
  async probe(): Promise<void> {
    // A store without a disk takes everything.
  }

  /** Ends the use of the store; the last call. */
  abstract close(): Promise<void>;
}
