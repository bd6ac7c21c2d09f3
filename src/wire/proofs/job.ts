import type { ProverId } from '../../domain/ids.js';
import type { JobHeader } from '../../domain/job/changes.js';
import type { JobState, JobStatus } from '../../domain/job/job-state.js';
import { visiblePhase, type JobProgress, type VisiblePhase } from '../../domain/job/progress-view.js';
import type { JobReport, PhaseTime } from '../../domain/job/report.js';
import {
  Job as WireJob,
  JobPhase,
  JobState as WireState,
  type JobProgress as WireProgress,
  type Outcome,
} from '../generated/proofloom/v1/proofs.js';
import { toTimestamp } from '../timestamps.js';

/** What is known of one job beyond its header. */
export interface JobDetails {
  readonly header: JobHeader;
  /** The public output, hexadecimal; null until it is known. */
  readonly output: string | null;
  readonly progress: JobProgress;
  readonly report: JobReport;
}

const STATES: Readonly<Record<JobStatus['kind'], WireState>> = {
  QUEUED: WireState.JOB_STATE_QUEUED,
  PLANNING: WireState.JOB_STATE_PLANNING,
  RUNNING: WireState.JOB_STATE_RUNNING,
  COMPLETED: WireState.JOB_STATE_COMPLETED,
  FAILED: WireState.JOB_STATE_FAILED,
  CANCELLED: WireState.JOB_STATE_CANCELLED,
};

const PHASES: Readonly<Record<VisiblePhase, JobPhase>> = {
  '': JobPhase.JOB_PHASE_UNSPECIFIED,
  Contributions: JobPhase.JOB_PHASE_CONTRIBUTION,
  Prove: JobPhase.JOB_PHASE_PROVE,
  Aggregate: JobPhase.JOB_PHASE_AGGREGATE,
};

const PHASE_NAMES: Readonly<Record<PhaseTime['phase'], string>> = {
  plan: 'plan',
  contribute: 'contribution',
  prove: 'prove',
  aggregate: 'aggregate',
};

/** A job with all that is known of it. `pidOf` tells the processes of provers that are connected. */
export function toJob({ header, output, progress, report }: JobDetails, pidOf: (prover: ProverId) => number): WireJob {
  return {
    ...toJobSummary(header),
    outcome: toOutcome(header, output ?? ''),
    progress: toProgress(progress, header.run?.attempt ?? 0),
    segmentsByProver: report.segmentsByProver.map(({ prover, ...counts }) => ({
      proverId: prover,
      ...counts,
      pid: pidOf(prover),
    })),
    phaseTimes: report.phases.map(({ phase, durationMs, busyMs }) => ({
      phase: PHASE_NAMES[phase],
      durationMs: whole(durationMs),
      busyMs: whole(busyMs),
    })),
  };
}

/** A job as its header tells it: what lists have. */
export function toJobSummary(job: JobHeader): WireJob {
  const { request, status } = job;
  return WireJob.create({
    jobId: job.id,
    state: STATES[status.kind],
    phase: PHASES[visiblePhase(job)],
    programDigest: request.program,
    inputDigest: request.input,
    computeCapacity: request.computeUnits,
    priority: request.priority,
    labels: { ...request.labels },
    segmentCycles: request.segmentCycles,
    submittedAt: toTimestamp(job.submittedAtMs),
    startedAt: job.startedAtMs === null ? undefined : toTimestamp(job.startedAtMs),
    endedAt: 'endedAtMs' in status ? toTimestamp(status.endedAtMs) : undefined,
    outcome: toOutcome(job, ''),
    proof: proofOf(status),
    failure: status.kind === 'FAILED' ? { ...status.failure } : undefined,
    simulated: request.simulatedNode !== null,
    cancelReason: status.kind === 'CANCELLED' ? status.reason : '',
  });
}

function toOutcome({ run }: JobHeader, output: string): Outcome | undefined {
  if (!run) return undefined;
  const { exitCode, cycles, segments, vkDigest, programDigest } = run.plan;
  return { exitCode, cycles: BigInt(cycles), segments, vkDigest, programDigest, output: Buffer.from(output, 'hex') };
}

function toProgress({ contributions, proofs, aggregation }: JobProgress, attempt: number): WireProgress {
  return { contribution: { ...contributions }, prove: { ...proofs }, aggregate: { ...aggregation }, attempt };
}

function proofOf(status: JobState['status']): WireJob['proof'] {
  if (status.kind !== 'COMPLETED' || !status.final) return undefined;
  return { sha256: status.final.sha256, size: BigInt(status.final.size) };
}

function whole(ms: number): bigint {
  return BigInt(Math.max(0, Math.round(ms)));
}

const STATUS_KINDS = Object.keys(STATES) as JobStatus['kind'][];

/** The states a list asks for; unknown ones are none. */
export function fromStates(states: readonly WireState[]): JobStatus['kind'][] {
  return STATUS_KINDS.filter((kind) => states.includes(STATES[kind]));
}
