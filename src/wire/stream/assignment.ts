import type { ProverId, Segment } from '../../domain/ids.js';
import type { AssignmentContent } from '../../domain/job/effect.js';
import type { ArtifactRef, Plan } from '../../domain/job/job-state.js';
import type { GuestLimits } from '../../domain/job/request.js';
import { segmentOf, taskKey, type TaskKind, type TaskRef } from '../../domain/job/task.js';
import {
  AggParams,
  TaskType,
  type ArtifactRef as ArtifactReference,
  type ContributionParams,
  type ExecuteTaskRequest,
  type ExecutionLimits,
  type SegmentArtifact,
  type Statement,
  type TaskRef as WireTask,
} from '../generated/zisk_distributed_api.js';

/** The label under which a job keeps the block id of the published interface. */
export const BLOCK_ID_LABEL = 'block_id';

export const TASK_TYPES: Readonly<Record<TaskKind, TaskType>> = {
  contribute: TaskType.PARTIAL_CONTRIBUTION,
  prove: TaskType.PROVE,
  aggregate: TaskType.AGGREGATE,
};

/** The commitments as they travel: by their artifact to who can fetch it, else in the message. */
export function toCommitments(
  { commitments, commitmentList }: AssignmentContent,
  fetches: boolean,
): Pick<ExecuteTaskRequest, 'leaves' | 'commitmentList'> {
  const isNamed = commitmentList !== null && fetches;
  return {
    leaves: isNamed ? new Uint8Array() : Buffer.from(commitments.join(''), 'hex'),
    commitmentList: isNamed ? toArtifactReference(commitmentList) : undefined,
  };
}

/**
 * The message that carries an assignment to a prover of ours.
 * @param fetches whether it takes the list of commitments as an artifact
 */
export function toExecuteTask(assignment: AssignmentContent, fetches: boolean): ExecuteTaskRequest {
  return {
    proverId: assignment.prover,
    jobId: assignment.job,
    taskType: TASK_TYPES[assignment.phase],
    params: paramsOf(assignment),
    epoch: BigInt(assignment.epoch),
    leaseMs: assignment.leaseMs,
    tasks: assignment.tasks.map(toTask),
    // A prover learns the sizes of program and input with the bytes.
    program: { sha256: assignment.program, size: 0n },
    input: { sha256: assignment.input, size: 0n },
    segmentCycles: assignment.segmentCycles,
    round: assignment.attempt,
    statement: toStatement(assignment.statement),
    ...toCommitments(assignment, fetches),
    challenge: Buffer.from(assignment.challenge ?? '', 'hex'),
    segmentProofs: assignment.proofs.map((proof, index) => toSegmentProof(proof, index as Segment)),
    limits: toLimits(assignment.limits),
  };
}

/** The coordinator has verified each of the attempt's proofs when it was reported: nobody needs to do that again. */
const AGGREGATION = { lastProof: true, finalProof: true, verifyProofs: false };

/** The part that the published schema has; a prover of ours takes all but `verify_proofs` from the extensions. */
function paramsOf(assignment: AssignmentContent): ExecuteTaskRequest['params'] {
  switch (assignment.phase) {
    case 'contribute':
      return { $case: 'contributionParams', value: contributionParams(assignment) };
    case 'prove':
      return { $case: 'proveParams', value: { challenges: [] } };
    case 'aggregate':
      return { $case: 'aggParams', value: AggParams.create(AGGREGATION) };
  }
}

function contributionParams({ labels, prover, allocation }: AssignmentContent): ContributionParams {
  const units = unitsByProver(allocation);
  const own = units.get(prover);
  return {
    blockId: labels[BLOCK_ID_LABEL] ?? '',
    inputPath: '',
    rankId: own?.rank ?? 0,
    totalProvers: units.size,
    proverAllocation: [...(own?.units ?? [])],
    jobComputeUnits: allocation.length,
  };
}

type Allocation = AssignmentContent['allocation'];
type ProverUnits = { readonly rank: number; readonly units: number[] };

/** Each allocation is looked through once: a job of thousands of units has as many assignments. */
const unitsOfAllocation = new WeakMap<Allocation, ReadonlyMap<ProverId, ProverUnits>>();

/** The units of each prover that has any, and its place among them, in the order of their first units. */
function unitsByProver(allocation: Allocation): ReadonlyMap<ProverId, ProverUnits> {
  const known = unitsOfAllocation.get(allocation);
  if (known) return known;
  const found = new Map<ProverId, ProverUnits>();
  for (const [unit, prover] of allocation.entries()) {
    if (prover === null) continue;
    const own = found.get(prover) ?? { rank: found.size, units: [] };
    own.units.push(unit);
    found.set(prover, own);
  }
  unitsOfAllocation.set(allocation, found);
  return found;
}

export function toTask(ref: TaskRef): WireTask {
  return { taskId: taskKey(ref), segment: segmentOf(ref) ?? 0 };
}

function toStatement({ programDigest, vkDigest, exitCode, cycles, segments, output }: Plan): Statement {
  const totals = { exitCode, cycles: BigInt(cycles), segments };
  return { programDigest, vkDigest, ...totals, output: Buffer.from(output, 'hex') };
}

function toSegmentProof(proof: ArtifactRef, segment: Segment): SegmentArtifact {
  return { segment, artifact: toArtifactReference(proof) };
}

/** An artifact as every interface names it. */
export function toArtifactReference({ sha256, size }: ArtifactRef): ArtifactReference {
  return { sha256, size: BigInt(size) };
}

export function toLimits({ maxCycles, maxMemoryBytes, maxOutputBytes }: GuestLimits): ExecutionLimits {
  return { maxCycles: BigInt(maxCycles), maxMemoryBytes, maxOutputBytes };
}
