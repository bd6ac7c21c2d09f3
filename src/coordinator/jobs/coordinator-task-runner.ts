import { DomainError } from '../../domain/errors.js';
import type { JobId, Segment } from '../../domain/ids.js';
import type { JobCommand, CoordinatorTask } from '../../domain/job/command.js';
import type { JobState } from '../../domain/job/job-state.js';
import type { Timers } from '../../lifecycle/timers.js';
import { HopelessWork, type JobWork } from './job-work.js';

export interface CoordinatorTaskParts {
  readonly work: JobWork;
  readonly timers: Timers;
  /** Coordinator tasks at once; the others wait. */
  readonly concurrency: number;
  /** The job as it is now; undefined once it has ended. */
  readonly find: (id: JobId) => JobState | undefined;
  readonly apply: (id: JobId, command: JobCommand) => Promise<unknown>;
}

interface TaskRequest {
  readonly job: JobId;
  readonly work: CoordinatorTask;
  readonly segment: Segment | null;
}

/** Does the coordinator tasks of all jobs, each once at a time, and turns what came of it into a command. */
export class CoordinatorTaskRunner {
  private readonly queue: TaskRequest[] = [];
  private readonly known = new Set<string>();
  private running = 0;

  constructor(private readonly parts: CoordinatorTaskParts) {}

  /** Asked twice, a task that waits or runs is done once. */
  request(task: TaskRequest, delayMs: number): void {
    const key = keyOf(task);
    if (this.known.has(key)) return;
    this.known.add(key);
    if (delayMs > 0) this.parts.timers.after(delayMs, () => this.enqueue(task));
    else this.enqueue(task);
  }

  private enqueue(task: TaskRequest): void {
    this.queue.push(task);
    this.startNext();
  }

  private startNext(): void {
    if (this.running >= this.parts.concurrency) return;
    const task = this.queue.shift();
    if (!task) return;
    this.running += 1;
    void this.run(task);
  }

  private async run(task: TaskRequest): Promise<void> {
    const command = await this.attempt(task);
    this.running -= 1;
    this.known.delete(keyOf(task));
    this.startNext();
    // Not stored means still owed: it is asked for again when the jobs are read back.
    if (command) await this.parts.apply(task.job, command).catch(() => undefined);
  }

  private async attempt(task: TaskRequest): Promise<JobCommand | null> {
    const job = this.parts.find(task.job);
    if (!job) return null;
    try {
      return await this.do(job, task);
    } catch (error) {
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

  private async do(job: JobState, { work, segment }: TaskRequest): Promise<JobCommand | null> {
    switch (work) {
      case 'plan':
        return this.parts.work.plan(job);
      case 'challenge':
        return this.challenge(job);
      case 'recompute':
        if (segment === null) return null;
        return { kind: 'commitment_recomputed', segment, commitment: await this.parts.work.recompute(job, segment) };
      case 'prove':
        return segment === null ? null : this.prove(job, segment);
      case 'aggregate':
        return this.aggregateLocally(job);
    }
  }

  private async challenge(job: JobState): Promise<JobCommand | null> {
    if (!job.run) return null;
    return { kind: 'challenge_derived', attempt: job.run.attempt, ...(await this.parts.work.challenge(job)) };
  }

  private async prove(job: JobState, segment: Segment): Promise<JobCommand | null> {
    if (!job.run) return null;
    const { attempt } = job.run;
    return { kind: 'own_proof', attempt, segment, artifact: await this.parts.work.prove(job, segment) };
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
