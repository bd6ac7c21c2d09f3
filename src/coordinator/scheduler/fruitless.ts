import type { ProverId } from '../../domain/ids.js';
import type { JobEvent } from '../../domain/job/event.js';
import type { AssignmentEnd } from '../../domain/job/assignment.js';

/** The second in a row; the first costs nothing, as it may be a connection that broke. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

/** Ends of an assignment that came to nothing and that no rule of the job counts. */
const CAME_TO_NOTHING: ReadonlySet<AssignmentEnd> = new Set(['failed', 'handed_back', 'not_held', 'unacknowledged']);

interface Pause {
  readonly untilMs: number;
  readonly nextMs: number;
}

/**
 * Provers whose assignments come to nothing: each is given a rest, twice as long each time until it has a result.
 * Without it one that fails, or gives back what it gets, would be assigned the same again as fast as messages go.
 */
export class FruitlessProvers {
  private readonly pauses = new Map<ProverId, Pause>();

  /** What is decided for a job: the next assignment may go into the same transaction. */
  note(events: readonly JobEvent[], nowMs: number): void {
    for (const event of events) this.noteOne(event, nowMs);
  }

  isResting(prover: ProverId, nowMs: number): boolean {
    return nowMs < (this.pauses.get(prover)?.untilMs ?? 0);
  }

  forget(prover: ProverId): void {
    this.pauses.delete(prover);
  }

  private noteOne(event: JobEvent, nowMs: number): void {
    switch (event.type) {
      case 'task_failed':
        return this.rest(event.prover, nowMs);
      case 'assignment_ended':
        return CAME_TO_NOTHING.has(event.cause) ? this.rest(event.prover, nowMs) : undefined;
      case 'contributed':
      case 'proven':
      case 'aggregated':
        return this.forget(event.prover);
      default:
        return undefined;
    }
  }

  /** What fails while it rests was assigned before. */
  private rest(prover: ProverId, nowMs: number): void {
    if (this.isResting(prover, nowMs)) return;
    const pauseMs = this.pauses.get(prover)?.nextMs ?? 0;
    const nextMs = Math.min(pauseMs * 2 || FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
    this.pauses.set(prover, { untilMs: nowMs + pauseMs, nextMs });
  }
}
