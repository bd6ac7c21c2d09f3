import type { JobId } from '../../domain/ids.js';
import type { BusyTime, JobEvent } from '../../domain/job/event.js';
import type { JobState } from '../../domain/job/job-state.js';
import { parseTaskKey, type TaskKind } from '../../domain/job/task.js';
import type { JobCommandBus } from '../jobs/job-command-bus.js';
import type { ProverEvent } from '../scheduler/prover-event.js';
import type { TaskScheduler } from '../scheduler/task-scheduler.js';
import type { CoordinatorMetrics } from './coordinator-metrics.js';

const MS_PER_SECOND = 1000;

type Phase = 'planning' | 'contributions' | 'prove' | 'aggregate';

/** Counts what happens to jobs and provers. */
export class NetworkMetrics {
  /** Phases of jobs that are under way, and since when by the wall clock. */
  private readonly phases = new Map<JobId, { readonly phase: Phase; readonly sinceMs: number }>();

  constructor(private readonly metrics: CoordinatorMetrics) {}

  /** From now on. */
  follow(bus: Pick<JobCommandBus, 'listen'>, scheduler: Pick<TaskScheduler, 'listen'>): void {
    bus.listen({
      committed: (decided, tookMs) => {
        this.metrics.commitDuration.observe(tookMs / MS_PER_SECOND);
        for (const { job, decision } of decided) for (const event of decision.events) this.job(job, event);
      },
      unreadable: (job) => this.phases.delete(job),
    });
    scheduler.listen((event) => this.prover(event));
  }

  private prover(event: ProverEvent): void {
    if (event.type !== 'exhausted') this.metrics.workerEvents.inc({ event: event.type });
  }

  private job(job: JobState, event: JobEvent): void {
    switch (event.type) {
      case 'submitted':
        return this.metrics.jobsSubmitted.inc();
      case 'planning':
        return this.begin(job.id, 'planning', event.atMs);
      case 'planned':
        return this.begin(job.id, 'contributions', event.atMs);
      case 'attempt_started':
        this.metrics.attempts.inc();
        return this.begin(job.id, 'contributions', event.atMs);
      case 'challenged':
        return this.begin(job.id, 'prove', event.atMs);
      case 'aggregating':
      case 'aggregating_locally':
        return this.begin(job.id, 'aggregate', event.atMs);
      case 'completed':
        this.metrics.jobCycles.inc(job.run?.plan.cycles ?? 0);
        return this.ended(job, 'completed', event.atMs);
      case 'failed':
        this.metrics.jobFailures.inc({ code: event.failure.code });
        return this.ended(job, 'failed', event.atMs);
      case 'cancelled':
        return this.ended(job, 'cancelled', event.atMs);
      default:
        return this.task(event);
    }
  }

  private task(event: JobEvent): void {
    switch (event.type) {
      case 'contributed':
        return this.result('contributions', event.busy);
      case 'proven':
        return this.result('prove', event.busy);
      case 'aggregated':
        return this.result('aggregate', event.busy);
      case 'task_failed':
        return this.metrics.taskResults.inc({ phase: PHASE_OF[parseTaskKey(event.task).kind], result: 'failed' });
      case 'taken_over':
        return this.metrics.ownTasks.inc();
      case 'assignment_ended':
        return this.metrics.assignmentsEnded.inc({ cause: event.cause });
      default:
        return undefined;
    }
  }

  private result(phase: Phase, busy: BusyTime): void {
    this.metrics.taskResults.inc({ phase, result: 'done' });
    const workedMs = busy.reduce((sum, [startMs, endMs]) => sum + Math.max(0, endMs - startMs), 0);
    if (busy.length > 0) this.metrics.taskDuration.observe({ phase }, workedMs / MS_PER_SECOND);
  }

  private begin(job: JobId, phase: Phase, atMs: number): void {
    this.finish(job, atMs, phase);
    if (this.phases.get(job)?.phase !== phase) this.phases.set(job, { phase, sinceMs: atMs });
  }

  /** A phase that goes on in another way, as when the coordinator aggregates instead, is not over. */
  private finish(job: JobId, atMs: number, next: Phase | null): void {
    const before = this.phases.get(job);
    if (!before || before.phase === next) return;
    this.metrics.phaseDuration.observe({ phase: before.phase }, Math.max(0, atMs - before.sinceMs) / MS_PER_SECOND);
    this.phases.delete(job);
  }

  private ended(job: JobState, result: 'completed' | 'failed' | 'cancelled', atMs: number): void {
    this.finish(job.id, atMs, null);
    this.metrics.jobs.inc({ result });
    this.metrics.jobDuration.observe({ result }, Math.max(0, atMs - job.submittedAtMs) / MS_PER_SECOND);
  }
}

const PHASE_OF: Readonly<Record<TaskKind, Phase>> = {
  contribute: 'contributions',
  prove: 'prove',
  aggregate: 'aggregate',
};
