import type { Challenge, Commitment, Attempt, Segment, Sha256 } from '../../domain/ids.js';
import type { CheckResult } from '../../domain/job/command.js';
import type { JobFailure, JobFailureCode } from '../../domain/job/failure.js';
import type { ArtifactRef, JobState, Plan } from '../../domain/job/job-state.js';
import type { TaskRef } from '../../domain/job/task.js';

/** One run of a program that nobody knows yet. */
export interface PlanRun {
  /** Longest run, where the job's own limit is not lower. */
  readonly maxCycles: number;
  readonly timeoutMs: number;
  /** The job has ended. */
  readonly signal: AbortSignal;
}

export type PlanOutcome =
  | { readonly kind: 'planned'; readonly plan: Plan }
  /** The program cannot be run to a successful end: the job's own fault. */
  | { readonly kind: 'guest_failed'; readonly reason: string }
  /** It runs, but no proof of it can be made here. */
  | { readonly kind: 'cannot_succeed'; readonly failure: JobFailure };

/** The program went on at the end of the run's cycles, and the job allows more. */
export interface UnfinishedPlan {
  readonly kind: 'unfinished';
}

export type LocalAggregation =
  | { readonly kind: 'aggregated_locally'; readonly final: ArtifactRef }
  /** Every proof verifies, but they do not fit together. */
  | { readonly kind: 'unbalanced' }
  /** A verified proof is gone from the artifact store. */
  | { readonly kind: 'proof_lost'; readonly attempt: Attempt; readonly segment: Segment };

/** So many commitments go with each assignment; a longer list becomes an artifact, fetched once by each prover. */
export const SENT_COMMITMENTS = 128;

export interface DerivedChallenge {
  readonly challenge: Challenge;
  /** Where the commitments are many: the artifact that holds them. */
  readonly commitmentList: ArtifactRef | null;
}

export type CheckOutcome =
  | CheckResult
  /** The artifact is not in the store; that is not the proof's fault. */
  | { readonly kind: 'missing' };

/** A coordinator task that would fail in the same way however often it is tried. */
export class HopelessWork extends Error {
  override readonly name = 'HopelessWork';

  constructor(
    readonly code: JobFailureCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * What the coordinator computes itself, and its injection token: the kernel and the artifact store behind one port.
 * A rejection means that the work could not be done now, and it is asked for again later; with {@link HopelessWork},
 * that it never can.
 */
export abstract class JobWork {
  /** Jobs of this program may come: what takes time and does not depend on a job can be done now. */
  async warmUp(_program: Sha256): Promise<void> {}
  /** Every proof of the attempt is in: while a prover aggregates them, `check` of what it makes can be prepared. */
  precompute(_job: JobState): void {}
  /** Runs the program once under the job's limits and those of this run. */
  abstract plan(job: JobState, run: PlanRun): Promise<PlanOutcome | UnfinishedPlan>;
  /** Derives the challenge of the job's current attempt from all its commitments. */
  abstract challenge(job: JobState): Promise<DerivedChallenge>;
  /** Recomputes one segment's commitment. */
  abstract recompute(job: JobState, segment: Segment, signal: AbortSignal): Promise<Commitment>;
  /** Proves one segment itself; null where the challenge is bound to another commitment than the segment has. */
  abstract prove(job: JobState, segment: Segment, signal: AbortSignal): Promise<ArtifactRef | null>;
  /** Aggregates all proofs of the attempt and stores the final proof. */
  abstract aggregateLocally(job: JobState): Promise<LocalAggregation>;
  /** Verifies a reported proof, of a segment or final, against the job as it was when the report came. */
  abstract check(job: JobState, task: TaskRef, artifact: ArtifactRef): Promise<CheckOutcome>;
  /** Which of the job's program and input is gone from the store or damaged, in words; null where both are whole. */
  abstract lostArtifact(job: JobState): Promise<string | null>;
  /** Size in bytes of a stored artifact, null when there is none. */
  abstract sizeOf(artifact: Sha256): Promise<number | null>;
}
