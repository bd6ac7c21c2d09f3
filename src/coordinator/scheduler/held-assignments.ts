import type { AssignmentId } from '../../domain/session/lease-table.js';
import type { Quarantined } from './prover-event.js';

/** What a prover says it holds when it connects. */
export interface HeldAssignments {
  /** Every assignment it works on, or has results of that were not acknowledged. */
  readonly assignments: readonly AssignmentId[];
  /** The process is a new one: whatever the one before held is gone. */
  readonly restarted: boolean;
}

/** What a prover learns when it has registered. */
export interface Attached {
  /** Assignments it named that are not its own any more. */
  readonly abandon: readonly AssignmentId[];
  /** Why it will get no work, if it will not. */
  readonly quarantined: Quarantined | null;
}
