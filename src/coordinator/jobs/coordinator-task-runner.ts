import { DomainError } from '../../domain/errors.js';
import type { JobId, Segment } from '../../domain/ids.js';
import type { JobCommand, CoordinatorTask } from '../../domain/job/command.js';
import type { JobState } from '../../domain/job/job-state.js';
import type { Timers } from '../../lifecycle/timers.js';
import { HopelessWork, type JobWork } from './job-work.js';
import { TaskLane } from './task-lane.js';

/** Coordinator tasks at once. Nothing else waits for plans: they run programs that nobody knows yet. */
export interface CoordinatorTaskLimits {
  readonly plans: number;
  readonly others: number;
  /** Longest time of one run of a program, in milliseconds. */
  readonly planTimeoutMs: number;
}

export interface CoordinatorTaskParts {
  readonly work: JobWork;
  readonly timers: Timers;
  readonly limits: CoordinatorTaskLimits;
  /** The job as it is now; undefined once it has ended. */
  readonly find: (id: JobId) => JobState | undefined;
  readonly apply: (id: JobId, command: JobCommand) => Promise<unknown>;
}

/**
 * Cycles of a plan's first run; a longer program begins anew in the next round, which has eight times as many. All rounds
 * before the last take a seventh of its time, and a short program is planned while others loop for ever.
 */
const FIRST_PLAN_CYCLES = 2 ** 24;
const PLAN_GROWTH = 8;

interface TaskOf<Work> {
  readonly job: JobId;
  readonly work: Work;
  readonly segment: Segment | null;
}

type OtherTask = TaskOf<Exclude<CoordinatorTask, 'plan'>>;
type TaskRequest = OtherTask | TaskOf<'plan'>;

/** Does the coordinator tasks of all jobs, each once at a time, and turns what came of it into a command. */
export class CoordinatorTaskRunner {
  private readonly known = new Set<string>();
  private readonly underWay = new Map<JobId, AbortController>();
  private readonly plans: TaskLane<TaskRequest>;
  private readonly others: TaskLane<TaskRequest>;

  constructor(private readonly parts: CoordinatorTaskParts) {
    const { plans, others } = parts.limits;
    const run = (task: TaskRequest, round: number) => this.run(task, round);
    this.plans = new TaskLane(plans, run);
    this.others = new TaskLane(others, run);
  }

  /** Asked twice, a task that waits or runs is done once. */
  request(task: TaskRequest, delayMs: number): void {
    const key = keyOf(task);
    if (this.known.has(key)) return;
    this.known.add(key);
    if (delayMs > 0) this.parts.timers.after(delayMs, () => this.enqueue(task));
    else this.enqueue(task);
  }

  /** The job has ended: nothing more is done for it. */
  forget(job: JobId): void {
    this.underWay.get(job)?.abort();
    this.underWay.delete(job);
  }

  private enqueue(task: TaskRequest): void {
    (task.work === 'plan' ? this.plans : this.others).push(task);
  }

  /** Whether the task is finished. */
  private async run(task: TaskRequest, round: number): Promise<boolean> {
    const command = await this.attempt(task, round);
    if (command === 'unfinished') return false;
    this.known.delete(keyOf(task));
    // Not stored means still owed: it is asked for again when the jobs are read back. The next task does not wait for that.
    if (command) void this.parts.apply(task.job, command).catch(() => undefined);
    return true;
  }

  private async attempt(task: TaskRequest, round: number): Promise<JobCommand | 'unfinished' | null> {
    const job = this.parts.find(task.job);
    if (!job) return null;
    const signal = this.signalOf(job.id);
    try {
      return task.work === 'plan' ? await this.plan(job, round, signal) : await this.do(job, task, signal);
    } catch (error) {
      if (signal.aborted) return null;
      const message = error instanceof Error ? error.message : String(error);
      return {
        kind: 'coordinator_task_failed',
        work: task.work,
        message,
        final: error instanceof HopelessWork ? error.code : null,
        passing: error instanceof DomainError && error.code === 'SYSTEM_UNAVAILABLE',
      };
    }
  }

  private signalOf(job: JobId): AbortSignal {
    const known = this.underWay.get(job) ?? new AbortController();
    this.underWay.set(job, known);
    return known.signal;
  }

  private async plan(job: JobState, round: number, signal: AbortSignal): Promise<JobCommand | 'unfinished'> {
    const maxCycles = FIRST_PLAN_CYCLES * PLAN_GROWTH ** round;
    const timeoutMs = this.parts.limits.planTimeoutMs;
    const outcome = await this.parts.work.plan(job, { maxCycles, timeoutMs, signal });
    return outcome.kind === 'unfinished' ? outcome.kind : outcome;
  }

  private async do(job: JobState, task: OtherTask, signal: AbortSignal): Promise<JobCommand | null> {
    const { segment } = task;
    switch (task.work) {
      case 'challenge':
        return this.challenge(job);
      case 'recompute': {
        if (segment === null) return null;
        const commitment = await this.parts.work.recompute(job, segment, signal);
        return { kind: 'commitment_recomputed', segment, commitment };
      }
      case 'prove':
        return segment === null ? null : this.prove(job, segment, signal);
      case 'aggregate':
        return this.aggregateLocally(job);
    }
  }

  private async challenge(job: JobState): Promise<JobCommand | null> {
    if (!job.run) return null;
    return { kind: 'challenge_derived', attempt: job.run.attempt, ...(await this.parts.work.challenge(job)) };
  }

  private async prove(job: JobState, segment: Segment, signal: AbortSignal): Promise<JobCommand | null> {
    if (!job.run) return null;
    const { attempt } = job.run;
    return { kind: 'own_proof', attempt, segment, artifact: await this.parts.work.prove(job, segment, signal) };
  }

  private async aggregateLocally(job: JobState): Promise<JobCommand | null> {
    if (!job.run) return null;
    const { attempt } = job.run;
    const result = await this.parts.work.aggregateLocally(job);
    if (result.kind === 'proof_lost') return result;
    return { kind: 'aggregated_locally', attempt, final: result.kind === 'aggregated_locally' ? result.final : null };
  }
}

function keyOf({ job, work, segment }: TaskRequest): string {
  return `${job} ${work} ${segment ?? ''}`;
}
