import type { JobId } from '../../domain/ids.js';
import type { JobHeader } from '../../domain/job/changes.js';
import type { JobCommand } from '../../domain/job/command.js';
import type { JobState } from '../../domain/job/job-state.js';
import type { Clock } from '../../lifecycle/clock.js';
import type { CancelTimer, Timers } from '../../lifecycle/timers.js';

/** A deadline that could not be written is tried again after this long. */
const RETRY_MS = 1_000;

/** Ends jobs whose deadline has passed. Time runs on the monotonic clock; a restart takes the rest from the wall clock. */
export class DeadlineWatch {
  private readonly cancels = new Map<JobId, CancelTimer>();

  constructor(
    private readonly clock: Clock,
    private readonly timers: Timers,
    private readonly apply: (id: JobId, command: JobCommand) => Promise<unknown>,
  ) {}

  watch({ id, request, submittedAtMs }: JobState | JobHeader): void {
    if (request.deadlineMs === null) return;
    const elapsedMs = Math.max(0, this.clock.wallMs() - submittedAtMs);
    this.arm(id, Math.max(0, request.deadlineMs - elapsedMs));
  }

  forget(id: JobId): void {
    this.cancels.get(id)?.();
    this.cancels.delete(id);
  }

  private arm(id: JobId, delayMs: number): void {
    this.forget(id);
    const cancel = this.timers.after(delayMs, () => {
      this.apply(id, { kind: 'deadline_passed' }).catch(() => this.arm(id, RETRY_MS));
    });
    this.cancels.set(id, cancel);
  }
}
