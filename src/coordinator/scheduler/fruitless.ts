import type { ProverId } from '../../domain/ids.js';
import type { JobEvent } from '../../domain/job/event.js';
import { PROVER_LOST, type AssignmentEnd } from '../../domain/job/assignment.js';

/** The second in a row; the first costs nothing, as it may be a connection that broke. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** For what the job's rules count, as they end it: failures bar from a task and disprove, losses make a task poison. */
const LONGEST_WHERE_COUNTED_MS = 6_000;

const COUNTED: ReadonlySet<AssignmentEnd> = new Set([...PROVER_LOST, 'failed']);
/** Ends of an assignment that came to nothing and that no rule of the job counts. */
const UNCOUNTED: ReadonlySet<AssignmentEnd> = new Set(['handed_back', 'unacknowledged']);

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

  /** One that has rested, and came to nothing for no longer than the longest rest, begins anew. */
  prune(nowMs: number): void {
    for (const [prover, { untilMs }] of this.pauses) {
      if (nowMs - untilMs > LONGEST_PAUSE_MS) this.pauses.delete(prover);
    }
  }

  private noteOne(event: JobEvent, nowMs: number): void {
    switch (event.type) {
      case 'task_failed':
        return this.rest(event.prover, nowMs, LONGEST_WHERE_COUNTED_MS);
      case 'assignment_ended':
        if (UNCOUNTED.has(event.cause)) this.rest(event.prover, nowMs, LONGEST_PAUSE_MS);
        if (COUNTED.has(event.cause)) this.rest(event.prover, nowMs, LONGEST_WHERE_COUNTED_MS);
        return undefined;
      case 'contributed':
      case 'proven':
      case 'aggregated':
        return void this.pauses.delete(event.prover);
      default:
        return undefined;
    }
  }

  /** What fails while it rests was assigned before. */
  private rest(prover: ProverId, nowMs: number, longestMs: number): void {
    if (this.isResting(prover, nowMs)) return;
    const pauseMs = Math.min(this.pauses.get(prover)?.nextMs ?? 0, longestMs);
    const nextMs = Math.min(pauseMs * 2 || FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
    this.pauses.set(prover, { untilMs: nowMs + pauseMs, nextMs });
  }
}
