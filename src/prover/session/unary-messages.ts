import { parseTaskKey, segmentOf } from '../../domain/job/task.js';
import {
  TaskKind,
  Verdict,
  type HeldTask,
  type SegmentLeaf,
  type SegmentProofReference,
  type TaskAssignment,
} from '../../wire/generated/coordinator/coordinator.js';
import {
  ExecuteTaskRequest,
  ResultVerdict,
  TaskType,
  type ExecuteTaskResponse,
  type HeldGrant,
  type Statement,
  type TaskResult,
} from '../../wire/generated/zisk_distributed_api.js';
import { HANDED_BACK } from '../../wire/extensions.js';
import type { Completion, FailureReport } from './coordinator-client.js';

const TYPES: Readonly<Record<TaskKind, TaskType>> = {
  [TaskKind.TASK_KIND_UNSPECIFIED]: TaskType.UNRECOGNIZED,
  [TaskKind.TASK_KIND_PARTIAL_CONTRIBUTION]: TaskType.PARTIAL_CONTRIBUTION,
  [TaskKind.TASK_KIND_PROVE]: TaskType.PROVE,
  [TaskKind.TASK_KIND_AGGREGATE]: TaskType.AGGREGATE,
  [TaskKind.UNRECOGNIZED]: TaskType.UNRECOGNIZED,
};

/** An assignment in the words of the desk, which are those of ProverStream. */
export function toExecuteTask(proverId: string, assignment: TaskAssignment): ExecuteTaskRequest {
  const { jobId, epoch, leaseMs, type, segments, program, input, segmentCycles, limits, challenge, proofs } =
    assignment;
  return ExecuteTaskRequest.create({
    proverId,
    jobId,
    epoch,
    leaseMs,
    taskType: TYPES[type],
    tasks: segments,
    segmentCycles,
    round: challenge?.round ?? 0,
    leaves: challenge?.leaves ?? new Uint8Array(),
    challenge: challenge?.challenge ?? new Uint8Array(),
    segmentProofs: proofs.map(({ segment, proof }) => ({ segment, ...(proof ? { artifact: proof } : {}) })),
    ...(program ? { program } : {}),
    ...(input ? { input } : {}),
    ...(limits ? { limits } : {}),
    ...(challenge ? { statement: toStatement(challenge) } : {}),
  });
}

function toStatement(context: NonNullable<TaskAssignment['challenge']>): Statement {
  const { programDigest, vkDigest, exitCode, cycles, segments, output } = context;
  return { programDigest, vkDigest, exitCode, cycles, segments, output };
}

/** The coordinator's name for a grant. */
function assignmentId({ jobId, epoch }: ExecuteTaskResponse): string {
  return `${jobId}/${epoch}`;
}

export function toHeldTask({ jobId, epoch }: HeldGrant): HeldTask {
  return { jobId, taskId: '', epoch };
}

/** The desk's answer that carries results. */
export function toCompletion(answer: ExecuteTaskResponse): Completion {
  const { jobId, epoch, results, busy } = answer;
  const proofs = results.flatMap(proofOf);
  return {
    jobId,
    assignmentId: assignmentId(answer),
    epoch,
    leaves: results.flatMap(commitmentOf),
    proofs: proofs.filter(({ segment }) => segment !== null) as SegmentProofReference[],
    finalProof: proofs.find(({ segment }) => segment === null)?.proof,
    busy,
  };
}

function commitmentOf({ taskId, result }: TaskResult): SegmentLeaf[] {
  if (result?.$case !== 'leaf') return [];
  return [{ taskId, segment: segmentOf(parseTaskKey(taskId)) ?? 0, leaf: result.value }];
}

function proofOf({ taskId, result }: TaskResult) {
  if (result?.$case !== 'artifact') return [];
  return [{ segment: segmentOf(parseTaskKey(taskId)), proof: result.value }];
}

/** The desk's answer that says why there is no result. */
export function toFailureReport(answer: ExecuteTaskResponse): FailureReport {
  const { jobId, epoch, errorMessage, failure } = answer;
  const code = failure?.code ?? '';
  return {
    jobId,
    assignmentId: assignmentId(answer),
    epoch,
    reason: code === '' ? errorMessage : `${code}: ${errorMessage}`,
    retryable: failure?.retryable ?? true,
    taskIds: failure?.taskIds ?? [],
    handedBack: code === HANDED_BACK,
  };
}

const VERDICTS: Readonly<Partial<Record<Verdict, ResultVerdict>>> = {
  [Verdict.VERDICT_ACCEPTED]: ResultVerdict.RESULT_VERDICT_ACCEPTED,
  [Verdict.VERDICT_ALREADY_DONE]: ResultVerdict.RESULT_VERDICT_ALREADY_DONE,
  [Verdict.VERDICT_STALE]: ResultVerdict.RESULT_VERDICT_STALE,
  [Verdict.VERDICT_REJECTED]: ResultVerdict.RESULT_VERDICT_REJECTED,
};

export function toResultVerdict(verdict: Verdict): ResultVerdict {
  return VERDICTS[verdict] ?? ResultVerdict.RESULT_VERDICT_UNSPECIFIED;
}
