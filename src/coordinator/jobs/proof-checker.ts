import { DomainError } from '../../domain/errors.js';
import type { JobId } from '../../domain/ids.js';
import type { JobCommand, ReportHeader } from '../../domain/job/command.js';
import type { ArtifactRef, JobState } from '../../domain/job/job-state.js';
import { taskKey } from '../../domain/job/task.js';
import { rejected, stale, type Verdict } from '../../domain/verdict.js';
import { errorMessage } from '../../lifecycle/system-error.js';
import { HopelessWork, type CheckOutcome, type JobWork } from './job-work.js';

export interface ProofCheckerParts {
  readonly work: JobWork;
  /** Proofs verified at once. */
  readonly concurrency: number;
  /** Proofs that may wait; more are refused, and their provers send them again later. */
  readonly maxWaiting: number;
  readonly apply: (id: JobId, command: JobCommand) => Promise<unknown>;
}

interface Check {
  readonly job: JobState;
  readonly report: ReportHeader;
  readonly artifact: ArtifactRef;
}

export interface ExpectedVerdict {
  readonly verdict: Promise<Verdict>;
  /** There will be none: the report was answered at once. */
  readonly drop: () => void;
}

interface Waiter {
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Verifies reported proofs on the kernel's threads, a bounded number at a time, and answers their reporters. A report
 * that comes again while its proof waits or is being verified joins the first.
 */
export class ProofChecker {
  /** In the order of their coming, each once. */
  private readonly queue = new Map<string, Check>();
  private readonly waiters = new Map<string, Waiter[]>();
  private readonly inHand = new Set<string>();
  private running = 0;

  constructor(private readonly parts: ProofCheckerParts) {}

  /** The verdict to come on this report; asked for before the report is made, so that none is missed. */
  expect(job: JobId, report: ReportHeader): ExpectedVerdict {
    const key = keyOf(job, report);
    const { promise, resolve, reject } = withResolvers<Verdict>();
    const waiter = { resolve, reject };
    this.waiters.set(key, [...(this.waiters.get(key) ?? []), waiter]);
    const drop = () => {
      const others = (this.waiters.get(key) ?? []).filter((other) => other !== waiter);
      if (others.length > 0) this.waiters.set(key, others);
      else this.waiters.delete(key);
    };
    return { verdict: promise, drop };
  }

  request(check: Check): void {
    const key = keyOf(check.job.id, check.report);
    if (this.queue.has(key) || this.inHand.has(key)) return;
    if (this.queue.size >= this.parts.maxWaiting) {
      this.fail(key, tooBusy(this.parts.maxWaiting));
      return;
    }
    this.queue.set(key, check);
    this.startNext();
  }

  answer(job: JobId, report: ReportHeader, verdict: Verdict): void {
    for (const { resolve } of this.take(keyOf(job, report))) resolve(verdict);
  }

  private startNext(): void {
    if (this.running >= this.parts.concurrency) return;
    const [first] = this.queue;
    if (!first) return;
    const [key, check] = first;
    this.queue.delete(key);
    this.running += 1;
    this.inHand.add(key);
    void this.run(check)
      .catch((error: unknown) => this.giveUp(check, error))
      .catch((error: unknown) => this.fail(key, error))
      .finally(() => this.inHand.delete(key));
  }

  /** The thread is free for the next proof as soon as this one is verified: the commit is waited for beside it. */
  private async verify({ job, report, artifact }: Check): Promise<CheckOutcome> {
    try {
      return await this.parts.work.check(job, report.task, artifact);
    } finally {
      this.running -= 1;
      this.startNext();
    }
  }

  /** The answer itself comes as an effect of the command, once it is committed. */
  private async run(check: Check): Promise<void> {
    const { job, report, artifact } = check;
    const result = await this.verify(check);
    if (result.kind === 'missing') {
      const reason = `artifact ${artifact.sha256} is not here: upload it, then report again`;
      this.answer(job.id, report, rejected(reason));
      return;
    }
    await this.parts.apply(job.id, { kind: 'proof_checked', report, result });
  }

  /** What the check needs is gone for good: so is the job. */
  private async giveUp({ job, report }: Check, error: unknown): Promise<void> {
    if (!(error instanceof HopelessWork)) throw error;
    const { code, message } = error;
    await this.parts.apply(job.id, { kind: 'cannot_succeed', failure: { code, message } });
    this.answer(job.id, report, stale('the job has failed'));
  }

  private fail(key: string, error: unknown): void {
    for (const { reject } of this.take(key)) reject(notNow(error));
  }

  private take(key: string): Waiter[] {
    const waiters = this.waiters.get(key) ?? [];
    this.waiters.delete(key);
    return waiters;
  }
}

/** Promise.withResolvers, whose promise does not count as unhandled while nobody waits for it yet. */
function withResolvers<T>() {
  const resolvers = Promise.withResolvers<T>();
  resolvers.promise.catch(() => undefined);
  return resolvers;
}

/** Whatever is in the way of a check is no fault of the proof: its prover keeps it and reports it again. */
function notNow(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const message = `the proof cannot be verified now: ${errorMessage(error)}`;
  return new DomainError('SYSTEM_UNAVAILABLE', message, 'report the proof again in a while', { cause: error });
}

function keyOf(job: JobId, { prover, epoch, task }: ReportHeader): string {
  return `${job} ${prover} ${epoch} ${taskKey(task)}`;
}

function tooBusy(waiting: number): DomainError {
  return new DomainError(
    'QUOTA_EXCEEDED',
    `${waiting} proofs wait to be verified`,
    'report the proof again in a second',
  );
}
