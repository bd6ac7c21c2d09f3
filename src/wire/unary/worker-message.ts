import { invalidArgument } from '../../domain/errors.js';
import { parseProverId, parseSha256, type Epoch, type JobId, type ProverId, type Segment } from '../../domain/ids.js';
import type { BusyTime } from '../../domain/job/event.js';
import type { NamedResult, ReportedFailure } from '../../domain/job/reported-result.js';
import { parseTaskKey } from '../../domain/job/task.js';
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
import type { VerdictWords } from '../verdict.js';
import { toArtifact, toBusy, toComputeUnits, toEpoch, toAssignment, toJobId } from '../stream/prover-message.js';

/** What a worker says when it registers. */
export interface WorkerRegistration {
  readonly description: ProverDescription;
  readonly kernelDigest: string;
  /** Random name of the process; empty where it does not say. */
  readonly instance: string;
  readonly features: ReadonlySet<string>;
  /** What this very process holds of before; null where it does not say. */
  readonly heldAssignments: readonly AssignmentId[] | null;
}

/**
 * @param nameless what a worker without a name is called
 * @throws DomainError INVALID_ARGUMENT naming the field
 */
export function toWorkerRegistration(request: RegisterWorkerRequest, nameless: ProverId): WorkerRegistration {
  const { workerId, computeUnits, hostname, version, kernelDigest, holdings, pid, instance, features } = request;
  return {
    description: {
      prover: workerId === '' ? nameless : parseProverId(workerId, 'worker_id'),
      computeUnits: toComputeUnits(computeUnits, 'compute_units'),
      protocol: 'extended',
      hostname,
      pid: pid === 0 ? null : pid,
      softwareVersion: version,
    },
    kernelDigest: kernelDigest === '' ? '' : parseSha256(kernelDigest, 'kernel_digest'),
    instance,
    features: new Set(features),
    heldAssignments: holdings ? toHeldAssignments(holdings.held) : null,
  };
}

/** Who calls: the prover, and the token of its session. */
export interface NamedSession {
  readonly prover: ProverId;
  readonly token: string;
}

/** @throws DomainError INVALID_ARGUMENT */
export function toNamedSession(request: { readonly workerId: string; readonly sessionToken: string }): NamedSession {
  return { prover: parseProverId(request.workerId, 'worker_id'), token: request.sessionToken };
}

/** @throws DomainError INVALID_ARGUMENT */
export function toReportedFailure(request: ReportFailureRequest): ReportedFailure | 'handed_back' {
  const { taskIds, reason, retryable, handedBack } = request;
  return handedBack ? 'handed_back' : { tasks: taskIds.map(parseTaskKey), reason, retryable };
}

/** The assignments of held tasks, each once. @throws DomainError INVALID_ARGUMENT */
export function toHeldAssignments(heldAssignments: readonly HeldTask[]): AssignmentId[] {
  const assignments = new Map(heldAssignments.map((task) => [`${task.jobId} ${task.epoch}`, task]));
  return [...assignments.values()].map(toAssignment);
}

/** Those of the held tasks whose assignment is among these. */
export function heldOf(heldAssignments: readonly HeldTask[], assignments: readonly AssignmentId[]): HeldTask[] {
  const named = new Set(assignments.map(({ job, epoch }) => `${job} ${epoch}`));
  return heldAssignments.filter(({ jobId, epoch }) => named.has(`${jobId} ${epoch}`));
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

export interface Completion {
  readonly results: readonly NamedResult[];
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
        result: { ...toCommitment(leaf, 'leaves.leaf'), totals: null },
      })),
      ...proofs.map(({ segment, proof }) => proofOf(segment as Segment, proof, 'proofs.proof')),
      ...(finalProof ? [proofOf(null, finalProof, 'final_proof')] : []),
    ],
    busy: toBusy(busy),
  };
}

function proofOf(segment: Segment | null, proof: ArtifactReference | undefined, field: string): NamedResult {
  if (!proof) throw invalidArgument(field, null, 'the reference of an uploaded artifact');
  return { task: null, segment, result: { kind: 'artifact', artifact: toArtifact(proof, field) } };
}

export const VERDICTS: VerdictWords<WireVerdict> = {
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
