import { invalidArgument } from '../../domain/errors.js';
import {
  parseProverId,
  type Epoch,
  type JobId,
  type Commitment,
  type ProverId,
  type Segment,
} from '../../domain/ids.js';
import type { BusyTime } from '../../domain/job/event.js';
import type { ArtifactRef } from '../../domain/job/job-state.js';
import { parseTaskKey, type TaskRef } from '../../domain/job/task.js';
import type { AssignmentId } from '../../domain/session/lease-table.js';
import type { ProverDescription } from '../../domain/session/session.js';
import type { Verdict } from '../../domain/verdict.js';
import {
  Verdict as WireVerdict,
  type ArtifactReference,
  type HeldTask,
  type RegisterWorkerRequest,
  type ReportCompletionRequest,
  type ReportFailureRequest,
} from '../generated/coordinator/coordinator.js';
import { toCommitment } from '../commitment.js';
import { toArtifact, toBusy, toComputeUnits, toEpoch, toAssignment, toJobId } from '../stream/prover-message.js';

/** What a worker says when it registers. */
export interface WorkerRegistration {
  readonly description: ProverDescription;
  readonly kernelDigest: string;
  /** Random name of the process; empty where it does not say. */
  readonly instance: string;
  /** What this very process holds of before; null where it does not say. */
  readonly held: readonly AssignmentId[] | null;
}

/**
 * @param nameless what a worker without a name is called
 * @throws DomainError INVALID_ARGUMENT naming the field
 */
export function toWorkerRegistration(request: RegisterWorkerRequest, nameless: ProverId): WorkerRegistration {
  const { workerId, computeUnits, hostname, version, kernelDigest, holdings, pid, instance } = request;
  return {
    description: {
      prover: workerId === '' ? nameless : parseProverId(workerId, 'worker_id'),
      computeUnits: toComputeUnits(computeUnits, 'compute_units'),
      dialect: 'extended',
      hostname,
      pid: pid === 0 ? null : pid,
      softwareVersion: version,
    },
    kernelDigest,
    instance,
    held: holdings ? toHeldAssignments(holdings.held) : null,
  };
}

/** The assignments of held tasks, each once. @throws DomainError INVALID_ARGUMENT */
export function toHeldAssignments(held: readonly HeldTask[]): AssignmentId[] {
  const assignments = new Map(held.map((task) => [`${task.jobId} ${task.epoch}`, task]));
  return [...assignments.values()].map(toAssignment);
}

/** Those of the held tasks whose assignment is among these. */
export function heldOf(held: readonly HeldTask[], assignments: readonly AssignmentId[]): HeldTask[] {
  const named = new Set(assignments.map(({ job, epoch }) => `${job} ${epoch}`));
  return held.filter(({ jobId, epoch }) => named.has(`${jobId} ${epoch}`));
}

/** Which assignment a report is about. */
export interface ReportedAssignment {
  readonly job: JobId;
  readonly epoch: Epoch;
  readonly assignmentId: string;
}

/** @throws DomainError INVALID_ARGUMENT */
export function toReportedAssignment(request: ReportCompletionRequest | ReportFailureRequest): ReportedAssignment {
  const { jobId, epoch, assignmentId } = request;
  return { job: toJobId(jobId), epoch: toEpoch(epoch), assignmentId };
}

/** One result of a report. */
export interface ReportedResult {
  /** null: whichever task of the assignment is on the segment. */
  readonly task: TaskRef | null;
  /** null: none, as an aggregation. */
  readonly segment: Segment | null;
  readonly finding:
    | { readonly kind: 'commitment'; readonly commitment: Commitment; readonly totals: null }
    | { readonly kind: 'malformed'; readonly reason: string }
    | { readonly kind: 'artifact'; readonly artifact: ArtifactRef };
}

export interface Completion {
  readonly results: readonly ReportedResult[];
  readonly busy: BusyTime;
}

const MAX_RESULTS = 4096;

/** @throws DomainError INVALID_ARGUMENT, also where it reports nothing */
export function toCompletion({ leaves, proofs, finalProof, busy }: ReportCompletionRequest): Completion {
  const count = leaves.length + proofs.length + (finalProof ? 1 : 0);
  if (count < 1 || count > MAX_RESULTS) {
    throw invalidArgument('leaves, proofs and final_proof', `${count} results`, `1 to ${MAX_RESULTS} results`);
  }
  return {
    results: [
      ...leaves.map(({ taskId, segment, leaf }) => ({
        task: taskId === '' ? null : parseTaskKey(taskId),
        segment: segment as Segment,
        finding: { ...toCommitment(leaf, 'leaves.leaf'), totals: null },
      })),
      ...proofs.map(({ segment, proof }) => proofOf(segment as Segment, proof, 'proofs.proof')),
      ...(finalProof ? [proofOf(null, finalProof, 'final_proof')] : []),
    ],
    busy: toBusy(busy),
  };
}

function proofOf(segment: Segment | null, proof: ArtifactReference | undefined, field: string): ReportedResult {
  if (!proof) throw invalidArgument(field, null, 'the reference of an uploaded artifact');
  return { task: null, segment, finding: { kind: 'artifact', artifact: toArtifact(proof, field) } };
}

const VERDICTS: Readonly<Record<Verdict['kind'], WireVerdict>> = {
  accepted: WireVerdict.VERDICT_ACCEPTED,
  already_done: WireVerdict.VERDICT_ALREADY_DONE,
  stale: WireVerdict.VERDICT_STALE,
  rejected: WireVerdict.VERDICT_REJECTED,
};

/** The answer to a report. */
export interface ReportAnswer {
  /** Whether nothing was wrong with the report, nor too late about it. */
  readonly success: boolean;
  readonly message: string;
  readonly verdict: WireVerdict;
}

export function toReportAnswer(verdict: Verdict): ReportAnswer {
  const success = verdict.kind === 'accepted' || verdict.kind === 'already_done';
  return { success, message: 'reason' in verdict ? verdict.reason : '', verdict: VERDICTS[verdict.kind] };
}
