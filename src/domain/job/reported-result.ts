import type { Commitment, ProverId, Segment } from '../ids.js';
import type { AssignmentId } from '../session/lease-table.js';
import type { ArtifactRef, RunTotals } from './job-state.js';
import type { TaskRef } from './task.js';

/** What a prover reports for a task, before anybody has judged it. */
export type ReportedResult =
  | { readonly kind: 'commitment'; readonly commitment: Commitment; readonly totals: RunTotals | null }
  | { readonly kind: 'artifact'; readonly artifact: ArtifactRef }
  /** Values that can be no result, made up or damaged by its prover. */
  | { readonly kind: 'malformed'; readonly reason: string };

/** Who reports on which assignment. */
export interface Reporter extends AssignmentId {
  readonly prover: ProverId;
}

/** One of several results of an assignment. */
export interface NamedResult {
  /** null: the task of the assignment that is on the segment. */
  readonly task: TaskRef | null;
  /** null: none, as an aggregation. */
  readonly segment: Segment | null;
  readonly result: ReportedResult;
}

/** Why a prover has no result for some tasks of an assignment. */
export interface ReportedFailure {
  /** Empty: every task of the assignment. */
  readonly tasks: readonly TaskRef[];
  /** Words of the prover; begins with a code of the kernel or of the prover and a colon, where it says one. */
  readonly reason: string;
  readonly retryable: boolean;
}
