import { assertNever } from '../../domain/assert-never.js';
import type { JobId, ProverId } from '../../domain/ids.js';
import type { JobCommand, ReportHeader } from '../../domain/job/command.js';
import type { Decide } from '../../domain/job/decide.js';
import type { Effect } from '../../domain/job/effect.js';
import type { ArtifactRef, JobState } from '../../domain/job/job-state.js';
import { pendingCoordinatorTasks } from '../../domain/job/coordinator-tasks.js';
import { checkTransitionTables } from '../../domain/state-machines.js';
import { stale, type Verdict } from '../../domain/verdict.js';
import type { Clock } from '../../lifecycle/clock.js';
import type { Timers } from '../../lifecycle/timers.js';
import type { QuarantineEntry, TaskStore } from '../store/task-store.js';
import type { Applied, Decided } from './commit-batch.js';
import { DeadlineWatch } from './deadline-watch.js';
import type { Defer } from './defer.js';
import { JobFeed } from './job-feed.js';
import { ActiveJobRepository, type CommitListener } from './active-job-repository.js';
import type { JobWork } from './job-work.js';
import type { JobsOptions } from './jobs.options.js';
import { CoordinatorTaskRunner } from './coordinator-task-runner.js';
import { ProofChecker } from './proof-checker.js';
import { Retention } from './retention.js';

export interface BusParts {
  readonly store: TaskStore;
  readonly work: JobWork;
  readonly decide: Decide;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly defer: Defer;
  readonly options: JobsOptions;
}

const OPEN = ['QUEUED', 'PLANNING', 'RUNNING'] as const;
const DEADLINE_PAGE = 500;
const ACTIVATE_RETRY_MS = 500;
const ENDS: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);

/**
 * The one way to change jobs and to see those under way. Around their repository: the coordinator tasks, the verification
 * of proofs, waiting jobs and deadlines.
 * Carries out the effects that concern the coordinator itself; those that concern provers are the scheduler's.
 */
export class JobCommandBus {
  readonly feed: JobFeed;
  private readonly jobs: ActiveJobRepository;
  private readonly coordinatorTasks: CoordinatorTaskRunner;
  private readonly checker: ProofChecker;
  private readonly deadlines: DeadlineWatch;
  private readonly retention: Retention;
  private openJobs = 0;
  private activating = false;

  constructor(private readonly parts: BusParts) {
    checkTransitionTables();
    const { work, timers, options } = parts;
    const apply = (id: JobId, command: JobCommand) => this.apply(id, command);
    this.jobs = new ActiveJobRepository(parts);
    this.feed = new JobFeed(timers);
    this.deadlines = new DeadlineWatch(parts.clock, timers, apply);
    this.retention = new Retention(parts.store, parts.clock, timers, options.retentionMs);
    this.checker = new ProofChecker({ work, apply, ...options.checks });
    this.coordinatorTasks = new CoordinatorTaskRunner({
      work,
      timers,
      apply,
      limits: options.coordinatorTasks,
      find: (id) => this.find(id),
    });
    this.jobs.listen({
      committed: (decided) => this.committed(decided),
      reloaded: (jobs) => this.reloaded(jobs),
      unreadable: (job) => this.forget(job),
    });
  }

  /** Who carries out the effects that concern provers. */
  listen(listener: Partial<CommitListener>): void {
    this.jobs.listen(listener);
  }

  /** Takes up the jobs that the store has. @throws StoreError when it cannot be read. */
  async start(): Promise<void> {
    await this.readOpen();
    await this.jobs.start();
    this.retention.start();
  }

  async close(): Promise<void> {
    this.retention.stop();
    await this.jobs.close();
    this.feed.wakeAll();
  }

  /** Jobs that wait or run. */
  get open(): number {
    return this.openJobs;
  }

  /** Jobs that wait to be taken up. */
  get queued(): number {
    return Math.max(0, this.openJobs - this.active().length);
  }

  /** False while the store cannot be used: no command is taken. */
  get isReady(): boolean {
    return this.jobs.isReady;
  }

  /** Jobs in PLANNING or RUNNING, as decided so far. */
  active(): JobState[] {
    return this.jobs.active();
  }

  /** The job as decided so far, while it is under way. */
  find(id: JobId): JobState | undefined {
    return this.jobs.find(id);
  }

  /** The job as the store has it, while it is under way: what clients may be told. */
  findCommitted(id: JobId): JobState | undefined {
    return this.jobs.findCommitted(id);
  }

  /** Quarantines provers, or releases them, outside of any job. @throws DomainError SYSTEM_UNAVAILABLE. */
  changeQuarantine(entries: readonly QuarantineEntry[], released: readonly ProverId[]): Promise<void> {
    return this.jobs.changeQuarantine(entries, released);
  }

  /** @throws DomainError JOB_NOT_FOUND, SYSTEM_UNAVAILABLE. */
  apply(id: JobId, command: JobCommand): Promise<Applied> {
    return this.jobs.apply(id, command);
  }

  /** @throws DomainError SYSTEM_UNAVAILABLE. */
  async submit(job: JobState, idempotencyKey: string | null): Promise<Applied> {
    const mayStart = this.room > 0 && this.openJobs === this.active().length;
    this.openJobs += 1;
    try {
      const accepted = this.jobs.submit(job, idempotencyKey);
      // Nobody waits before it: it is accepted and taken up in one transaction.
      if (mayStart) this.apply(job.id, { kind: 'start_planning' }).catch(() => undefined);
      return await accepted;
    } catch (error) {
      this.openJobs -= 1;
      throw error;
    }
  }

  /**
   * A prover's report that can be judged at once.
   *
   * @throws DomainError JOB_NOT_FOUND, SYSTEM_UNAVAILABLE: the prover keeps the result and reports again.
   */
  async report(job: JobId, command: Extract<JobCommand, { report: ReportHeader }>): Promise<Verdict> {
    const { outcome } = await this.apply(job, command);
    return outcome.kind === 'verdict' ? outcome.verdict : stale('nothing was waiting for this report');
  }

  /**
   * A proof that a prover has uploaded; resolves once it is verified and the verdict committed.
   *
   * @throws DomainError JOB_NOT_FOUND, SYSTEM_UNAVAILABLE, QUOTA_EXCEEDED: the prover reports again later.
   */
  async reportProof(job: JobId, report: ReportHeader, artifact: ArtifactRef): Promise<Verdict> {
    const expected = this.checker.expect(job, report);
    try {
      const { outcome } = await this.apply(job, { kind: 'report_proof', report, artifact });
      if (outcome.kind === 'checking') return await expected.verdict;
      return outcome.kind === 'verdict' ? outcome.verdict : stale('nothing was waiting for this proof');
    } finally {
      expected.drop();
    }
  }

  private committed(decided: readonly Decided[]): void {
    for (const { job, decision } of decided) {
      for (const effect of decision.effects) this.carryOut(job, effect);
      for (const event of decision.events) {
        if (event.type === 'submitted') this.deadlines.watch(job);
        if (event.type === 'aggregating') this.parts.work.precompute(job);
        if (ENDS.has(event.type)) this.forget(job.id);
      }
      if (decision.events.length > 0) this.feed.wake(job.id);
    }
    if (decided.some(({ job, decision }) => decision.events.length > 0 && waitsOrEnded(job))) this.activate();
  }

  /** The job has ended. */
  private forget(job: JobId): void {
    this.openJobs -= 1;
    this.coordinatorTasks.forget(job);
    this.deadlines.forget(job);
    this.feed.forget(job);
    this.feed.wake(job);
  }

  private carryOut(job: JobState, effect: Effect): void {
    switch (effect.kind) {
      case 'coordinator_task':
        return this.coordinatorTasks.request(
          { job: job.id, work: effect.work, segment: effect.segment },
          effect.delayMs,
        );
      case 'check_proof':
        return this.checker.request({ job, report: effect.report, artifact: effect.artifact });
      case 'answer':
        return this.checker.answer(job.id, effect.report, effect.verdict);
      case 'send_assignment':
      case 'revoke':
      case 'assignment_over':
      case 'quarantine':
      case 'job_over':
        return;
      default:
        return assertNever(effect, 'effect');
    }
  }

  private reloaded(jobs: readonly JobState[]): void {
    for (const job of jobs) for (const effect of pendingCoordinatorTasks(job)) this.carryOut(job, effect);
    this.feed.wakeAll();
    this.activate();
  }

  /** Jobs that may be taken up. */
  private get room(): number {
    return this.parts.options.maxActive - this.active().length;
  }

  /** Takes up waiting jobs while there is room: waiting ones are in the store only. */
  private activate(): void {
    if (this.activating || !this.isReady) return;
    const room = this.room;
    if (room <= 0) return;
    this.activating = true;
    void this.startWaiting(room).then((found) => {
      this.activating = false;
      // Whatever was found and does not take its place, as it cannot be read, leaves it to the next.
      if (found > 0) this.activate();
    });
  }

  /** Returns how many were found. A failure here is the store's: tried again, as nothing else may happen that would. */
  private async startWaiting(room: number): Promise<number> {
    try {
      const ids = await this.parts.store.queuedJobs(room);
      await Promise.all(ids.map((id) => this.apply(id, { kind: 'start_planning' })));
      return ids.length;
    } catch {
      this.parts.timers.after(ACTIVATE_RETRY_MS, () => this.activate());
      return 0;
    }
  }

  private async readOpen(): Promise<void> {
    this.openJobs = await this.parts.store.countOpen();
    let after: number | null = null;
    do {
      const page = await this.parts.store.list({ states: OPEN, labels: {}, after, limit: DEADLINE_PAGE });
      for (const header of page.jobs) this.deadlines.watch(header);
      after = page.next;
    } while (after !== null);
  }
}

/** After such an event there may be a job to start, or room for one. */
function waitsOrEnded({ status }: JobState): boolean {
  return status.kind !== 'PLANNING' && status.kind !== 'RUNNING';
}
