import { JobPhase, JobState, type Job as WireJob, type WatchResponse } from '../wire/generated/proofloom/v1/proofs.js';
import { fromTimestamp } from '../wire/timestamps.js';

export type JobStateName = 'queued' | 'planning' | 'running' | 'completed' | 'failed' | 'cancelled';
export type JobPhaseName = 'contribution' | 'prove' | 'aggregate';

/** Tasks of a phase; the boundary counts as a segment. */
export interface PhaseCount {
  readonly done: number;
  readonly total: number;
}

/** A proof job as its owner sees it. Times are Unix milliseconds. */
export interface Job {
  readonly id: string;
  readonly state: JobStateName;
  /** Set while it runs. */
  readonly phase: JobPhaseName | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Only the partition of one node is proven: there is no final proof. */
  readonly simulated: boolean;
  readonly submittedAtMs: number;
  readonly endedAtMs: number | null;
  /** What the program did: known once the coordinator has run it. */
  readonly outcome: JobOutcome | null;
  /** Null in lists. */
  readonly progress: Readonly<Record<JobPhaseName, PhaseCount>> | null;
  /** The final proof, once completed. */
  readonly proof: { readonly sha256: string; readonly size: number } | null;
  /** Why it failed. */
  readonly failure: { readonly code: string; readonly message: string } | null;
  /** Why it was cancelled. */
  readonly cancelReason: string | null;
  /** Why nobody works on it, for example that no prover is connected. */
  readonly waitingFor: string | null;
  /** Who did how much. */
  readonly segmentsByProver: readonly ProverSegments[];
  readonly phaseTimes: readonly PhaseTime[];
}

export interface JobOutcome {
  readonly exitCode: number;
  readonly cycles: bigint;
  readonly segments: number;
  /** The public output; empty in lists. */
  readonly output: Uint8Array;
  readonly programDigest: string;
  readonly vkDigest: string;
}

export interface ProverSegments {
  readonly proverId: string;
  /** Process id, 0 where it is not known any more. */
  readonly pid: number;
  readonly contributed: number;
  readonly proven: number;
  readonly aggregated: number;
}

export interface PhaseTime {
  /** `plan`, `contribution`, `prove` or `aggregate`. */
  readonly phase: string;
  readonly durationMs: number;
  /** Of it, time in which at least one prover worked. */
  readonly busyMs: number;
}

/** One step of watching a job. */
export interface JobUpdate {
  /** Of the last event that was seen; watching may go on after it. */
  readonly sequence: number;
  /** What happened, in words; empty where only progress is told. */
  readonly message: string;
  /** The job as it is now; null where a newer update follows at once. */
  readonly job: Job | null;
  /** How far running tasks are. */
  readonly running: readonly { readonly segment: number; readonly phase: string; readonly permille: number }[];
}

const STATES: Readonly<Record<number, JobStateName>> = {
  [JobState.JOB_STATE_QUEUED]: 'queued',
  [JobState.JOB_STATE_PLANNING]: 'planning',
  [JobState.JOB_STATE_RUNNING]: 'running',
  [JobState.JOB_STATE_COMPLETED]: 'completed',
  [JobState.JOB_STATE_FAILED]: 'failed',
  [JobState.JOB_STATE_CANCELLED]: 'cancelled',
};

const PHASES: Readonly<Record<number, JobPhaseName>> = {
  [JobPhase.JOB_PHASE_CONTRIBUTION]: 'contribution',
  [JobPhase.JOB_PHASE_PROVE]: 'prove',
  [JobPhase.JOB_PHASE_AGGREGATE]: 'aggregate',
};

// Each names what it takes: a message may carry fields of a later version, and those are nobody's business here.

function countOf(count: PhaseCount | undefined): PhaseCount {
  return { done: count?.done ?? 0, total: count?.total ?? 0 };
}

function outcomeOf({ exitCode, cycles, segments, output, programDigest, vkDigest }: JobOutcome): JobOutcome {
  return { exitCode, cycles, segments, output, programDigest, vkDigest };
}

function segmentsOfProver({ proverId, pid, contributed, proven, aggregated }: ProverSegments): ProverSegments {
  return { proverId, pid, contributed, proven, aggregated };
}

export function fromWireJob(job: WireJob): Job {
  const { outcome, progress, proof, failure, submittedAt, endedAt } = job;
  return {
    id: job.jobId,
    state: STATES[job.state] ?? 'queued',
    phase: PHASES[job.phase] ?? null,
    labels: job.labels,
    simulated: job.simulated,
    submittedAtMs: submittedAt ? fromTimestamp(submittedAt) : 0,
    endedAtMs: endedAt ? fromTimestamp(endedAt) : null,
    outcome: outcome ? outcomeOf(outcome) : null,
    progress: progress
      ? {
          contribution: countOf(progress.contribution),
          prove: countOf(progress.prove),
          aggregate: countOf(progress.aggregate),
        }
      : null,
    proof: proof ? { sha256: proof.sha256, size: Number(proof.size) } : null,
    failure: failure ? { code: failure.code, message: failure.message } : null,
    cancelReason: job.cancelReason || null,
    waitingFor: job.waitingFor || null,
    segmentsByProver: job.segmentsByProver.map(segmentsOfProver),
    phaseTimes: job.phaseTimes.map(({ phase, durationMs, busyMs }) => ({
      phase,
      durationMs: Number(durationMs),
      busyMs: Number(busyMs),
    })),
  };
}

export function fromWatchResponse({ sequence, message, job, running }: WatchResponse): JobUpdate {
  return { sequence: Number(sequence), message, job: job ? fromWireJob(job) : null, running };
}

/** Whether the job will not change any more. */
export function hasEnded({ state }: Job): boolean {
  return state === 'completed' || state === 'failed' || state === 'cancelled';
}

/** Every state that a job may have. */
export const JOB_STATES: readonly JobStateName[] = Object.values(STATES);

/** Wire numbers of the states of a filter. */
export function toWireStates(states: readonly JobStateName[]): JobState[] {
  return Object.entries(STATES)
    .filter(([, name]) => states.includes(name))
    .map(([value]) => Number(value) as JobState);
}
