import type { AssignedWork } from '../../domain/job/assigned-work.js';
import type { FailureReport, HandBackReport, ResultReport } from '../../domain/job/prover-report.js';
import { segmentOf, taskKey, type TaskKind } from '../../domain/job/task.js';
import type { AssignmentId } from '../../domain/session/lease-table.js';
import type { Verdict } from '../../domain/verdict.js';
import { HANDED_BACK } from '../extensions.js';
import {
  TaskKind as WireKind,
  type HeldTask,
  type ReportCompletionRequest,
  type ReportCompletionResponse,
  type ReportFailureRequest,
  type TaskAssignment,
} from '../generated/coordinator/coordinator.js';
import { toAssignedWork } from '../stream/assigned-work.js';
import { toArtifactReference } from '../stream/assignment.js';
import { verdictOf } from '../verdict.js';
import { assignmentId } from './task-assignment.js';
import { VERDICTS } from './worker-message.js';

/** A message as its sender writes it: who sends it is added by the session. */
export type Unsigned<Request> = Omit<Request, 'workerId' | 'sessionToken'>;

const PHASES: Readonly<Partial<Record<WireKind, TaskKind>>> = {
  [WireKind.TASK_KIND_PARTIAL_CONTRIBUTION]: 'contribute',
  [WireKind.TASK_KIND_PROVE]: 'prove',
  [WireKind.TASK_KIND_AGGREGATE]: 'aggregate',
};

/** @throws DomainError INVALID_ARGUMENT naming the field of the message that cannot be */
export function fromTaskAssignment(assignment: TaskAssignment): AssignedWork {
  const { challenge: context, segments, type, proofs } = assignment;
  return toAssignedWork({
    ...assignment,
    phase: PHASES[type],
    tasks: segments,
    statement: context,
    commitments: context?.leaves ?? new Uint8Array(),
    commitmentList: context?.commitmentList,
    challenge: context?.challenge ?? new Uint8Array(),
    proofs: proofs.map(({ segment, proof }) => ({ segment, artifact: proof })),
    verifyProofs: false,
  });
}

export function toHeldTask({ job, epoch }: AssignmentId): HeldTask {
  return { jobId: job, taskId: '', epoch: BigInt(epoch) };
}

function about(assignment: AssignmentId) {
  return { jobId: assignment.job, assignmentId: assignmentId(assignment), epoch: BigInt(assignment.epoch) };
}

export function toCompletionReport(report: ResultReport): Unsigned<ReportCompletionRequest> {
  const { task, result, busy } = report;
  const segment = segmentOf(task);
  const given = { ...about(report), busy: [{ startMs: BigInt(busy.startMs), endMs: BigInt(busy.endMs) }] };
  if (result.kind === 'commitment') {
    const leaf = Buffer.from(result.commitment, 'hex');
    return {
      ...given,
      leaves: [{ taskId: taskKey(task), segment: segment ?? 0, leaf }],
      proofs: [],
      finalProof: undefined,
    };
  }
  const proof = toArtifactReference(result.artifact);
  if (segment === null) return { ...given, leaves: [], proofs: [], finalProof: proof };
  return { ...given, leaves: [], proofs: [{ segment, proof }], finalProof: undefined };
}

export function toFailureReport(report: FailureReport | HandBackReport): Unsigned<ReportFailureRequest> {
  if (report.kind === 'handed_back') {
    return {
      ...about(report),
      reason: `${HANDED_BACK}: ${report.reason}`,
      retryable: true,
      taskIds: [],
      handedBack: true,
    };
  }
  const { code, message, retryable, tasks } = report;
  return {
    ...about(report),
    reason: `${code}: ${message}`,
    retryable,
    taskIds: tasks.map(taskKey),
    handedBack: false,
  };
}

export function fromReportAnswer({ verdict, message }: ReportCompletionResponse): Verdict {
  return verdictOf(VERDICTS, verdict, message);
}
