import type { Epoch, ProverId } from '../ids.js';
import type { TransitionTable } from '../transition-table.js';
import type { TaskKind, TaskRef } from './task.js';

/** A second, speculative grant of a task races the first; the first verified result wins. */
export type GrantGrade = 'primary' | 'speculative';

/** Why a grant ended. Whether that counts as a loss of its prover is said by the command that ends it. */
export type GrantEnd =
  | 'lease_expired'
  | 'disconnected'
  | 'not_held'
  | 'unacknowledged'
  /** No result for so long that the prover is set aside, though it says that it is there. */
  | 'overdue'
  | 'finished'
  | 'failed'
  | 'handed_back'
  | 'superseded'
  | 'quarantined'
  | 'attempt_over'
  | 'job_over';

export type GrantState = { readonly kind: 'LIVE' } | { readonly kind: 'ENDED'; readonly cause: GrantEnd };

/** One message to one prover: tasks of one phase under one epoch. */
export interface Grant {
  readonly epoch: Epoch;
  readonly prover: ProverId;
  readonly phase: TaskKind;
  readonly grade: GrantGrade;
  readonly tasks: readonly TaskRef[];
  readonly leaseMs: number;
  readonly state: GrantState;
}

export const GRANT_TRANSITIONS: TransitionTable<GrantState['kind']> = { LIVE: ['ENDED'], ENDED: [] };

export function isLive(grant: Grant): boolean {
  return grant.state.kind === 'LIVE';
}
