import { invalidArgument } from '../../domain/errors.js';
import { parseJobId, parseSha256, type JobId, type Segment, type Sha256 } from '../../domain/ids.js';
import { parseTaskKey, taskKey, type TaskKey, type TaskKind, type TaskRef } from '../../domain/job/task.js';
import { COMMITMENT_BYTES, type ChallengeRequest, type Statement } from '../../kernel/kernel.types.js';
import {
  TaskType,
  type ArtifactRef,
  type ExecuteTaskRequest,
  type SegmentArtifact,
  type Statement as WireStatement,
} from '../../wire/generated/zisk_distributed_api.js';

/** A grant of the coordinator as this prover works on it. */
export interface WorkOrder {
  /** Tells grants apart: job and epoch. */
  readonly key: string;
  readonly job: JobId;
  readonly epoch: bigint;
  readonly type: TaskType;
  readonly tasks: readonly OrderedTask[];
  readonly program: Sha256;
  readonly input: Sha256;
  /** Largest number of instructions in one segment. */
  readonly segmentCycles: number;
  /** What the proofs are about; the commitments are there from PROVE on. */
  readonly binding: ChallengeRequest;
  /** The challenge that the coordinator derived, to be compared; empty for contributions. */
  readonly challenge: Uint8Array;
  /** AGGREGATE: the segments' proofs, the boundary's first. */
  readonly proofs: readonly Sha256[];
  /** AGGREGATE: whether to verify the proofs before they are joined; what joins nothing is not asked. */
  readonly verifyProofs: boolean;
}

/** One task of an order. */
export interface OrderedTask {
  readonly key: TaskKey;
  readonly segment: Segment;
}

const KIND_OF_TYPE: Readonly<Partial<Record<TaskType, TaskKind>>> = {
  [TaskType.PARTIAL_CONTRIBUTION]: 'contribute',
  [TaskType.PROVE]: 'prove',
  [TaskType.AGGREGATE]: 'aggregate',
};

/** Most tasks in one order, so that what a prover holds stays bounded. */
const MAX_TASKS = 65_536;

export function orderKey({ jobId, epoch }: { readonly jobId: string; readonly epoch: bigint }): string {
  return `${jobId}/${epoch}`;
}

/** @throws DomainError INVALID_ARGUMENT naming the field of the message that cannot be */
export function toWorkOrder(request: ExecuteTaskRequest): WorkOrder {
  const { epoch, taskType, params } = request;
  if (epoch < 1n) throw invalidArgument('epoch', String(epoch), 'the number of a grant');
  return {
    key: orderKey(request),
    job: parseJobId(request.jobId, 'job_id'),
    epoch,
    type: taskType,
    tasks: tasksOf(request),
    program: digestOf('program', request.program),
    input: digestOf('input', request.input),
    segmentCycles: request.segmentCycles,
    binding: { statement: statementOf(request.statement), commitments: commitmentsOf(request.leaves) },
    challenge: request.challenge,
    proofs: proofsOf(request.segmentProofs),
    verifyProofs: params?.$case === 'aggParams' && params.value.verifyProofs,
  };
}

function tasksOf({ tasks, taskType }: ExecuteTaskRequest): OrderedTask[] {
  if (tasks.length < 1 || tasks.length > MAX_TASKS) {
    throw invalidArgument('tasks', `${tasks.length} tasks`, `1 to ${MAX_TASKS} tasks`);
  }
  return tasks.map(({ taskId }) => taskOf(parseTaskKey(taskId), taskType));
}

function taskOf(ref: TaskRef, type: TaskType): OrderedTask {
  if (ref.kind !== KIND_OF_TYPE[type]) throw invalidArgument('tasks', taskKey(ref), "a task of the order's type");
  return { key: taskKey(ref), segment: ref.kind === 'aggregate' ? (0 as Segment) : ref.segment };
}

function digestOf(field: string, artifact: ArtifactRef | undefined): Sha256 {
  return parseSha256(artifact?.sha256 ?? '', field);
}

function statementOf(statement: WireStatement | undefined): Statement {
  if (!statement) throw invalidArgument('statement', null, "what the coordinator's own run gave");
  return statement;
}

function commitmentsOf(commitments: Uint8Array): Uint8Array[] {
  const isWhole = commitments.length % COMMITMENT_BYTES === 0;
  if (!isWhole) {
    throw invalidArgument('leaves', `${commitments.length} bytes`, `${COMMITMENT_BYTES} bytes for each commitment`);
  }
  return Array.from({ length: commitments.length / COMMITMENT_BYTES }, (_, index) =>
    commitments.subarray(index * COMMITMENT_BYTES, (index + 1) * COMMITMENT_BYTES),
  );
}

function proofsOf(proofs: readonly SegmentArtifact[]): Sha256[] {
  const inOrder = [...proofs].sort((a, b) => a.segment - b.segment);
  return inOrder.map(({ artifact }) => digestOf('segment_proofs', artifact));
}
