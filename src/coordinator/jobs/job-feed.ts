import type { JobId, ProverId } from '../../domain/ids.js';
import { taskKey, type TaskKey, type TaskRef } from '../../domain/job/task.js';
import type { Timers } from '../../lifecycle/timers.js';

/** How far a prover says it is with a task; never stored, the latest counts. */
export interface TaskProgress {
  readonly task: TaskRef;
  readonly prover: ProverId;
  readonly phase: string;
  /** 0 to 1000. */
  readonly permille: number;
}

/** Progress is passed on at most this often. */
const PROGRESS_PAUSE_MS = 500;

/** Tells watchers that a job has something new. They read it themselves, so a slow watcher holds nothing up. */
export class JobFeed {
  private readonly waiting = new Map<JobId, Set<() => void>>();
  private readonly progress = new Map<JobId, Map<TaskKey, TaskProgress>>();
  private readonly paused = new Set<JobId>();

  constructor(private readonly timers: Timers) {}

  /** Resolves when the job has something new, or the signal ends the wait. */
  next(job: JobId, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.waiting.get(job) ?? new Set();
      this.waiting.set(job, waiting);
      const done = () => {
        waiting.delete(done);
        if (waiting.size === 0 && this.waiting.get(job) === waiting) this.waiting.delete(job);
        signal.removeEventListener('abort', done);
        resolve();
      };
      waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  wake(job: JobId): void {
    for (const done of this.waiting.get(job) ?? []) done();
  }

  wakeAll(): void {
    for (const job of this.waiting.keys()) this.wake(job);
  }

  note(job: JobId, progress: TaskProgress): void {
    const known = this.progress.get(job) ?? new Map<TaskKey, TaskProgress>();
    this.progress.set(job, known.set(taskKey(progress.task), progress));
    if (this.paused.has(job)) return;
    this.paused.add(job);
    this.timers.after(PROGRESS_PAUSE_MS, () => {
      this.paused.delete(job);
      this.wake(job);
    });
  }

  progressOf(job: JobId): TaskProgress[] {
    return [...(this.progress.get(job)?.values() ?? [])];
  }

  /** The task is done, or nobody works on it any more. */
  forget(job: JobId, task?: TaskRef): void {
    if (task) this.progress.get(job)?.delete(taskKey(task));
    else this.progress.delete(job);
  }
}
