import type { Challenge, Epoch, Commitment, ProverId, Attempt, Segment } from '../ids.js';
import type { BusyTime } from './event.js';
import type { JobFailure, JobFailureCode } from './failure.js';
import type { AssignmentEnd, AssignmentGrade } from './assignment.js';
import type { ArtifactRef, Plan, RunTotals } from './job-state.js';
import type { TaskRef } from './task.js';

/** What a prover says about a task it was assigned; judged by the fencing check before anything else. */
export interface ReportHeader {
  /** For figures only; see the events. */
  readonly busy?: BusyTime;
  readonly prover: ProverId;
  readonly epoch: Epoch;
  readonly task: TaskRef;
}

/** The coordinator tasks by name; each is asked for by an effect and answered by a command. */
export type CoordinatorTask = 'plan' | 'challenge' | 'recompute' | 'prove' | 'aggregate';

/** Everything that can happen to a job. */
export type JobCommand =
  // What the coordinator tasks found.
  | { readonly kind: 'start_planning' }
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'guest_failed'; readonly reason: string }
  /** Nothing that anybody does can make a proof of it. */
  | { readonly kind: 'cannot_succeed'; readonly failure: JobFailure }
  | {
      readonly kind: 'challenge_derived';
      readonly attempt: Attempt;
      readonly challenge: Challenge;
      readonly commitmentList: ArtifactRef | null;
    }
  | { readonly kind: 'commitment_recomputed'; readonly segment: Segment; readonly commitment: Commitment }
  /** `artifact` is null when the segment has another commitment than the challenge is bound to. */
  | {
      readonly kind: 'own_proof';
      readonly attempt: Attempt;
      readonly segment: Segment;
      readonly artifact: ArtifactRef | null;
    }
  /** `final` is null when the proofs verify one by one but do not fit together. */
  | { readonly kind: 'aggregated_locally'; readonly attempt: Attempt; readonly final: ArtifactRef | null }
  | { readonly kind: 'proof_checked'; readonly report: ReportHeader; readonly result: CheckResult }
  | {
      readonly kind: 'coordinator_task_failed';
      readonly work: CoordinatorTask;
      readonly message: string;
      /** Set where another try would fail in the same way. */
      readonly final: JobFailureCode | null;
      /** What was in the way passes by itself, like a full disk: the job waits for that, however long. */
      readonly passing?: boolean;
    }
  | { readonly kind: 'proof_lost'; readonly attempt: Attempt; readonly segment: Segment }
  // What the scheduler decides.
  | { readonly kind: 'allocate'; readonly allocation: readonly (ProverId | null)[] }
  | {
      readonly kind: 'assign';
      readonly prover: ProverId;
      readonly tasks: readonly TaskRef[];
      readonly grade: AssignmentGrade;
      readonly leaseMs: number;
    }
  | {
      readonly kind: 'end_assignment';
      readonly epoch: Epoch;
      readonly cause: AssignmentEnd;
      readonly countsAsLoss: boolean;
    }
  | { readonly kind: 'exclude_prover'; readonly prover: ProverId }
  /** Every prover that worked on the job is quarantined, and no other has come for too long. */
  | { readonly kind: 'provers_exhausted'; readonly waitedMs: number }
  /** No prover that is there may do the task. */
  | { readonly kind: 'take_over'; readonly task: TaskRef }
  /** No prover can aggregate. */
  | { readonly kind: 'aggregate_locally' }
  // What provers report.
  | {
      readonly kind: 'report_commitment';
      readonly report: ReportHeader;
      readonly commitment: Commitment;
      /** What the prover's own run found; null from workers that do not say. */
      readonly totals: RunTotals | null;
    }
  | { readonly kind: 'report_proof'; readonly report: ReportHeader; readonly artifact: ArtifactRef }
  | {
      readonly kind: 'report_failure';
      readonly report: ReportHeader;
      readonly reason: string;
      /** Of the kernel or of the prover; see `causeOf`. */
      readonly code?: string;
      /** Whether the prover may succeed at it another time. */
      readonly retryable: boolean;
    }
  /** What was reported is no result at all, for example values that are no field elements. */
  | { readonly kind: 'report_malformed'; readonly report: ReportHeader; readonly reason: string }
  | { readonly kind: 'dispute_commitment'; readonly report: ReportHeader; readonly commitment: Commitment }
  | { readonly kind: 'hand_back'; readonly prover: ProverId; readonly epoch: Epoch }
  // What clients and time ask for.
  | { readonly kind: 'cancel'; readonly reason: string }
  | { readonly kind: 'deadline_passed' };

export type CheckResult =
  { readonly kind: 'verified'; readonly artifact: ArtifactRef } | { readonly kind: 'refused'; readonly reason: string };

export type CommandKind = JobCommand['kind'];
