import type { AssignmentOptions } from '../../domain/assignment/options.js';
import type { SessionTimes } from '../../domain/session/session.js';

/** How provers are watched and given work, and the injection token. Times in milliseconds. */
export abstract class SchedulerOptions {
  abstract readonly assignment: AssignmentOptions;
  abstract readonly session: SessionTimes;
  /** A grant whose arrival is not confirmed within this is taken back. */
  abstract readonly acknowledgeMs: number;
  /** How often leases and graces are looked at. */
  abstract readonly sweepMs: number;
}
