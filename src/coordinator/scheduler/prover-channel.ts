import type { JobId } from '../../domain/ids.js';
import type { AssignmentContent } from '../../domain/job/effect.js';
import type { JobState } from '../../domain/job/job-state.js';
import type { TaskRef } from '../../domain/job/task.js';
import type { AssignmentId } from '../../domain/session/lease-table.js';

/** Why a session ends from this side. */
export type CloseReason = 'replaced' | 'silent' | 'shutdown';

/**
 * The way to one connected prover, whatever its transport; the gateways implement it. Nothing here waits: what cannot
 * be taken at once is refused, and the scheduler finds another way.
 */
export interface ProverChannel {
  /** Whether the prover can do this job at all, for example read its input. */
  readonly accepts: (job: JobState) => boolean;
  /** False while the outbound queue is full: the prover is given nothing new. */
  readonly hasRoom: () => boolean;
  /** Sends an assignment. False when it cannot be queued; then it is taken back at once. */
  readonly assign: (assignment: AssignmentContent) => boolean;
  /** Tells the prover to stop working on these tasks of an assignment. */
  readonly revoke: (assignment: AssignmentId, tasks: readonly TaskRef[], reason: string) => void;
  /** Tells the prover that a job it worked on has ended. */
  readonly jobOver: (job: JobId, reason: string) => void;
  /** Tells the prover to finish what it has and to leave. */
  readonly drain: (reason: string) => void;
  /** Ends the connection. */
  readonly close: (reason: CloseReason, message: string) => void;
}
