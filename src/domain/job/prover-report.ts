import type { Commitment } from '../ids.js';
import type { AssignmentId } from '../session/lease-table.js';
import type { ArtifactRef } from './job-state.js';
import type { TaskKey, TaskKind, TaskRef } from './task.js';

/** Names a result: a task of an assignment. */
export interface ResultId extends AssignmentId {
  readonly task: TaskKey;
}

/** What a task gave: a segment commitment, or an artifact that the coordinator has. */
export type TaskResult =
  | { readonly kind: 'commitment'; readonly commitment: Commitment }
  | { readonly kind: 'artifact'; readonly artifact: ArtifactRef };

/** When a thread worked: Unix milliseconds. */
export interface BusySpan {
  readonly startMs: number;
  readonly endMs: number;
}

export interface ResultReport extends AssignmentId {
  readonly kind: 'result';
  readonly phase: TaskKind;
  readonly task: TaskRef;
  readonly result: TaskResult;
  readonly busy: BusySpan;
}

export interface FailureReport extends AssignmentId {
  readonly kind: 'failure';
  readonly phase: TaskKind;
  readonly tasks: readonly TaskRef[];
  /** A code of the kernel or of the prover. */
  readonly code: string;
  readonly message: string;
  /** Whether the prover may succeed at it another time. */
  readonly retryable: boolean;
}

/** The prover gives back what it has not done. */
export interface HandBackReport extends AssignmentId {
  readonly kind: 'handed_back';
  readonly phase: TaskKind;
  readonly reason: string;
}

/** What a prover says to its coordinator. */
export type ProverReport =
  | ResultReport
  | FailureReport
  | HandBackReport
  /** The assignment has arrived. */
  | ({ readonly kind: 'received' } & AssignmentId)
  /** An assignment that cannot be read. */
  | { readonly kind: 'unreadable'; readonly job: string; readonly reason: string };

/** How far a task is. */
export interface TaskProgress extends ResultId {
  /** Step of the kernel. */
  readonly phase: string;
  /** 0 to 1000. */
  readonly permille: number;
}
