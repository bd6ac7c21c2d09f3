import type { Challenge, Epoch, JobId, Commitment, ProverId, Attempt, Segment, Sha256 } from '../ids.js';
import type { Verdict } from '../verdict.js';
import type { CoordinatorTask, ReportHeader } from './command.js';
import type { Assignment } from './assignment.js';
import type { ArtifactRef, Plan } from './job-state.js';
import type { GuestLimits } from './request.js';
import type { TaskRef } from './task.js';

/**
 * What a prover needs to do its assigned tasks; the whole content of an ExecuteTaskRequest or TaskAssignment.
 */
export interface AssignmentContent extends Omit<Assignment, 'state'> {
  readonly job: JobId;
  readonly program: Sha256;
  readonly input: Sha256;
  readonly segmentCycles: number;
  readonly statement: Plan;
  readonly limits: GuestLimits;
  readonly labels: Readonly<Record<string, string>>;
  readonly allocation: readonly (ProverId | null)[];
  /** Present from the challenge on: a prover derives the challenge again from the commitments and compares. */
  readonly attempt: Attempt;
  readonly challenge: Challenge | null;
  readonly commitments: readonly Commitment[];
  /** The same as an artifact, where they are many. */
  readonly commitmentList: ArtifactRef | null;
  /** All verified proofs in segment order, the boundary first; only for aggregation. */
  readonly proofs: readonly ArtifactRef[];
}

/** What is to be done once the change is committed, never before. */
export type Effect =
  | {
      readonly kind: 'coordinator_task';
      readonly work: CoordinatorTask;
      readonly segment: Segment | null;
      readonly delayMs: number;
    }
  | { readonly kind: 'check_proof'; readonly report: ReportHeader; readonly artifact: ArtifactRef }
  | { readonly kind: 'send_assignment'; readonly assignment: AssignmentContent }
  | {
      readonly kind: 'revoke';
      readonly prover: ProverId;
      readonly epoch: Epoch;
      readonly tasks: readonly TaskRef[];
      readonly reason: string;
    }
  | { readonly kind: 'assignment_over'; readonly prover: ProverId; readonly epoch: Epoch }
  | { readonly kind: 'answer'; readonly report: ReportHeader; readonly verdict: Verdict }
  | { readonly kind: 'quarantine'; readonly prover: ProverId; readonly reason: string }
  | { readonly kind: 'job_over'; readonly provers: readonly ProverId[]; readonly reason: string };
