import type { Epoch, JobId } from '../../domain/ids.js';
import type { AssignedWork } from '../../domain/job/assigned-work.js';
import type { ProverReport, ResultId, TaskProgress, TaskResult } from '../../domain/job/prover-report.js';
import { taskKey, type TaskKey, type TaskKind } from '../../domain/job/task.js';
import type { AssignmentId } from '../../domain/session/lease-table.js';
import type { Verdict } from '../../domain/verdict.js';
import { HANDED_BACK } from '../extensions.js';
import {
  TaskType,
  type ExecuteTaskRequest,
  type ExecuteTaskResponse,
  type ProverMessage,
  type ResultAck,
  type ResultRef,
  type Revoke,
  type TaskFailure,
  type TaskResult as WireResult,
} from '../generated/zisk_distributed_api.js';
import { verdictOf } from '../verdict.js';
import { toAssignedWork } from './assigned-work.js';
import { TASK_TYPES, toArtifactReference } from './assignment.js';
import { VERDICTS } from './prover-message.js';

/** What a prover receives and sends on its stream. */
export type ProverPayload = NonNullable<ProverMessage['payload']>;

const PHASES: Readonly<Partial<Record<TaskType, TaskKind>>> = {
  [TaskType.PARTIAL_CONTRIBUTION]: 'contribute',
  [TaskType.PROVE]: 'prove',
  [TaskType.AGGREGATE]: 'aggregate',
};

/** @throws DomainError INVALID_ARGUMENT naming the field of the message that cannot be */
export function fromExecuteTask(request: ExecuteTaskRequest): AssignedWork {
  const { params } = request;
  return toAssignedWork({
    ...request,
    phase: PHASES[request.taskType],
    commitments: request.leaves,
    commitmentList: request.commitmentList,
    proofs: request.segmentProofs.map(({ segment, artifact }) => ({ segment, artifact })),
    verifyProofs: params?.$case === 'aggParams' && params.value.verifyProofs,
  });
}

/** Names as the coordinator writes them: one that is none here names nothing that is held. */
export function assignmentNamed({ jobId, epoch }: { readonly jobId: string; readonly epoch: bigint }): AssignmentId {
  return { job: jobId as JobId, epoch: Number(epoch) as Epoch };
}

export function tasksNamed({ taskIds }: Pick<Revoke, 'taskIds'>): TaskKey[] {
  return taskIds as TaskKey[];
}

export function resultNamed(ack: ResultRef | ResultAck): ResultId {
  return { ...assignmentNamed(ack), task: ack.taskId as TaskKey };
}

export function fromResultAck({ verdict, reason }: Pick<ResultAck, 'verdict' | 'reason'>): Verdict {
  return verdictOf(VERDICTS, verdict, reason);
}

export function toResultRef({ job, epoch, task }: ResultId): ResultRef {
  return { jobId: job, epoch: BigInt(epoch), taskId: task };
}

export function toProgress({ phase, permille, ...result }: TaskProgress): ProverPayload {
  return { $case: 'progress', value: { ...toResultRef(result), phase, permille } };
}

export function toProverPayload(report: ProverReport, proverId: string): ProverPayload {
  switch (report.kind) {
    case 'received':
      return { $case: 'taskAck', value: { jobId: report.job, epoch: BigInt(report.epoch) } };
    case 'unreadable':
      return { $case: 'error', value: { proverId, jobId: report.job, errorMessage: report.reason } };
    case 'result':
    case 'failure':
    case 'handed_back':
      return { $case: 'executeTaskResponse', value: toResponse(report, proverId) };
  }
}

type Answer = Extract<ProverReport, { readonly phase: TaskKind }>;

function toResponse(report: Answer, proverId: string): ExecuteTaskResponse {
  const { job, epoch, phase } = report;
  return {
    jobId: job,
    proverId,
    taskType: TASK_TYPES[phase],
    epoch: BigInt(epoch),
    resultData: undefined,
    totals: undefined,
    ...(report.kind === 'result' ? resultOf(report) : failureOf(report)),
  };
}

type ResultPart = Pick<ExecuteTaskResponse, 'success' | 'errorMessage' | 'results' | 'failure' | 'busy'>;

function resultOf({ task, result, busy }: Extract<Answer, { kind: 'result' }>): ResultPart {
  return {
    success: true,
    errorMessage: '',
    results: [{ taskId: taskKey(task), result: toWireResult(result) }],
    failure: undefined,
    busy: [{ startMs: BigInt(busy.startMs), endMs: BigInt(busy.endMs) }],
  };
}

function failureOf(report: Exclude<Answer, { kind: 'result' }>): ResultPart {
  const failure: TaskFailure =
    report.kind === 'handed_back'
      ? { taskIds: [], code: HANDED_BACK, retryable: true }
      : { taskIds: report.tasks.map(taskKey), code: report.code, retryable: report.retryable };
  const errorMessage = report.kind === 'handed_back' ? report.reason : report.message;
  return { success: false, errorMessage, results: [], failure, busy: [] };
}

function toWireResult(result: TaskResult): WireResult['result'] {
  if (result.kind === 'commitment') return { $case: 'leaf', value: Buffer.from(result.commitment, 'hex') };
  return { $case: 'artifact', value: toArtifactReference(result.artifact) };
}
