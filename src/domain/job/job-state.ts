import type { Challenge, Epoch, JobId, Commitment, ProverId, Attempt, Segment, Sha256 } from '../ids.js';
import { PersistentList } from '../persistent-list.js';
import type { TransitionTable } from '../transition-table.js';
import type { JobFailure } from './failure.js';
import type { Assignment } from './assignment.js';
import type { JobRequest, JobRules } from './request.js';
import type { Task } from './task.js';

/** Bytes kept in the artifact store, `size` in bytes. */
export interface ArtifactRef {
  readonly sha256: Sha256;
  readonly size: number;
}

/** What the coordinator's own run of the program found: the statement to be proven. */
export interface Plan extends RunTotals {
  /** Digest of the decoded program and of its verifying key, lower-case hexadecimal. */
  readonly programDigest: string;
  readonly vkDigest: string;
  /** The public output, hexadecimal. */
  readonly output: string;
}

/** What every right run of the program agrees on; a prover that found others is faulty. */
export interface RunTotals {
  /** Number of segments, at least 1; the boundary comes on top. */
  readonly segments: number;
  readonly cycles: number;
  readonly exitCode: number;
}

/** What is known of a segment's commitment. */
export type CommitmentSlot =
  | { readonly kind: 'missing' }
  /** Believed until a proof, another prover or the coordinator says otherwise. */
  | { readonly kind: 'claimed'; readonly commitment: Commitment; readonly author: ProverId }
  /** Recomputed by the coordinator: beyond dispute. */
  | { readonly kind: 'recomputed'; readonly commitment: Commitment };

/** Two provers differ on a segment's commitment; the coordinator recomputes it. */
export interface Dispute {
  readonly segment: Segment;
  readonly claims: readonly CommitmentClaim[];
}

export interface CommitmentClaim {
  readonly prover: ProverId;
  readonly commitment: Commitment;
}

/** The claim behind a slot: one if a prover stands behind it, none if nobody or the coordinator does. */
export function claimOf(slot: CommitmentSlot | undefined): CommitmentClaim[] {
  return slot?.kind === 'claimed' ? [{ prover: slot.author, commitment: slot.commitment }] : [];
}

/** A segment proof that verified under the challenge of the current attempt. */
export interface Proof {
  readonly artifact: ArtifactRef;
  readonly prover: ProverId | 'coordinator';
  readonly epoch: Epoch;
}

/**
 * Where a running job stands. CONTRIBUTING, CHALLENGING and AUDITING show as phase Contributions, PROVING as Prove,
 * AGGREGATING and AGGREGATING_LOCALLY as Aggregate.
 */
export type Stage =
  | 'CONTRIBUTING'
  | 'CHALLENGING'
  | 'PROVING'
  | 'AGGREGATING'
  /** No prover made a final proof of it: the coordinator tries, to see whether it can be made at all. */
  | 'AGGREGATING_LOCALLY'
  /** It cannot, as the terminals do not sum to zero: every claimed commitment is made again by somebody else. */
  | 'AUDITING'
  | 'OVER';

export const STAGE_TRANSITIONS: TransitionTable<Stage> = {
  CONTRIBUTING: ['CHALLENGING', 'OVER'],
  CHALLENGING: ['PROVING', 'OVER'],
  PROVING: ['AGGREGATING', 'CONTRIBUTING', 'OVER'],
  AGGREGATING: ['AGGREGATING_LOCALLY', 'PROVING', 'OVER'],
  AGGREGATING_LOCALLY: ['AUDITING', 'PROVING', 'OVER'],
  AUDITING: ['CONTRIBUTING', 'OVER'],
  OVER: [],
};

/** The part of a job that exists once it is planned. Lists are indexed by segment, 0 being the boundary. */
export interface Run {
  readonly plan: Plan;
  readonly stage: Stage;
  readonly attempt: Attempt;
  /** Set while the current attempt has one. */
  readonly challenge: Challenge | null;
  /** All commitments that the challenge was derived from, one after the other; null where they are few: then they are sent with each assignment. */
  readonly commitmentList: ArtifactRef | null;
  /** A commitment changed after the challenge was derived from it: a new attempt is due. */
  readonly commitmentChanged: boolean;
  /** Unit -> prover it is allocated to, null while nobody has it. */
  readonly allocation: readonly (ProverId | null)[];
  readonly commitments: PersistentList<CommitmentSlot>;
  readonly contribute: PersistentList<Task>;
  /** Tasks of the current attempt; empty before its challenge. */
  readonly prove: PersistentList<Task>;
  readonly aggregate: Task | null;
  readonly proofs: PersistentList<Proof | null>;
  /** Whose final proof did not verify; blamed only if the segment proofs turn out to fit together. */
  readonly suspectedFaulty: ProverId | null;
  readonly disputes: readonly Dispute[];
  /** Segments of this attempt that the coordinator proves itself. */
  readonly ownProofs: readonly Segment[];
}

export type JobStatus =
  | { readonly kind: 'QUEUED' }
  | { readonly kind: 'PLANNING' }
  | { readonly kind: 'RUNNING' }
  | {
      readonly kind: 'COMPLETED';
      readonly endedAtMs: number;
      /** null for a simulated job */ readonly final: ArtifactRef | null;
    }
  | { readonly kind: 'FAILED'; readonly endedAtMs: number; readonly failure: JobFailure }
  | { readonly kind: 'CANCELLED'; readonly endedAtMs: number; readonly reason: string };

export const JOB_TRANSITIONS: TransitionTable<JobStatus['kind']> = {
  QUEUED: ['PLANNING', 'CANCELLED', 'FAILED'],
  PLANNING: ['RUNNING', 'FAILED', 'CANCELLED'],
  RUNNING: ['COMPLETED', 'FAILED', 'CANCELLED'],
  COMPLETED: [],
  FAILED: [],
  CANCELLED: [],
};

/** Everything the coordinator knows of one job. Wall-clock times are Unix milliseconds, for display only. */
export interface JobState {
  readonly id: JobId;
  readonly request: JobRequest;
  readonly rules: JobRules;
  readonly status: JobStatus;
  /** Raised by every change; the store refuses to replace any other version. */
  readonly version: number;
  readonly lastEvent: number;
  readonly submittedAtMs: number;
  /** First assignment; null until then. */
  readonly startedAtMs: number | null;
  readonly run: Run | null;
  /** Assignment of epoch e at index e - 1; never shrinks, so that every late report can be judged. */
  readonly assignments: PersistentList<Assignment>;
  /** Provers that get no work of this job and whose reports are refused. */
  readonly excluded: readonly ProverId[];
  /** Failures of coordinator tasks since it last succeeded. */
  readonly ownFailures: number;
}

export function isTerminal(status: JobStatus): boolean {
  return JOB_TRANSITIONS[status.kind].length === 0;
}

/** A job as accepted, before anything has happened to it. */
export function newJob(id: JobId, request: JobRequest, rules: JobRules, wallMs: number): JobState {
  return {
    id,
    request,
    rules,
    status: { kind: 'QUEUED' },
    version: 0,
    lastEvent: 0,
    submittedAtMs: wallMs,
    startedAtMs: null,
    run: null,
    assignments: PersistentList.of([]),
    excluded: [],
    ownFailures: 0,
  };
}
