import type { Epoch, ProverId } from '../ids.js';
import type { TransitionTable } from '../transition-table.js';
import type { TaskKind, TaskRef } from './task.js';

/** A second, speculative assignment of a task races the first; the first verified result wins. */
export type AssignmentGrade = 'primary' | 'speculative';

/** Why an assignment ended. Whether that counts as a loss of its prover is said by the command that ends it. */
export type AssignmentEnd =
  | 'lease_expired'
  | 'disconnected'
  | 'not_held'
  | 'unacknowledged'
  /** No result for so long that the prover is quarantined, though it says that it is there. */
  | 'overdue'
  /** No result for so long that its tasks count as failed, whether or not anybody waits for them. */
  | 'timed_out'
  | 'finished'
  | 'failed'
  | 'handed_back'
  | 'superseded'
  | 'quarantined'
  | 'attempt_over'
  | 'job_over';

/** Ends of an assignment by which its prover was lost: the connection, the lease, or what the process knew of it was gone. */
export const PROVER_LOST: ReadonlySet<AssignmentEnd> = new Set(['disconnected', 'lease_expired', 'not_held']);

export type AssignmentState = { readonly kind: 'LIVE' } | { readonly kind: 'ENDED'; readonly cause: AssignmentEnd };

/** One message to one prover: tasks of one phase under one epoch. */
export interface Assignment {
  readonly epoch: Epoch;
  readonly prover: ProverId;
  readonly phase: TaskKind;
  readonly grade: AssignmentGrade;
  readonly tasks: readonly TaskRef[];
  readonly leaseMs: number;
  readonly state: AssignmentState;
}

export const ASSIGNMENT_TRANSITIONS: TransitionTable<AssignmentState['kind']> = { LIVE: ['ENDED'], ENDED: [] };

export function isLive(assignment: Assignment): boolean {
  return assignment.state.kind === 'LIVE';
}
