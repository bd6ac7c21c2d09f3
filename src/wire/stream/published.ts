import { DomainError } from '../../domain/errors.js';
import {
  COMMITMENT_ELEMENTS,
  parseCommitment,
  type Commitment,
  type ProverId,
  type Segment,
} from '../../domain/ids.js';
import type { AssignmentContent } from '../../domain/job/effect.js';
import { segmentOf } from '../../domain/job/task.js';
import {
  AggParams,
  ExecuteTaskRequest,
  ExecuteTaskResponse,
  TaskType,
  type Challenges,
  type ContributionParams,
  type Proof,
} from '../generated/zisk_distributed_api.js';
import { BLOCK_ID_LABEL } from './assignment.js';

/** What a third-party worker sent can be no result. */
export class MalformedResult extends Error {
  override readonly name = 'MalformedResult';
}

const WORD = 8;
const ELEMENT = 4;

/** Bytes as values of the published schema: their number, then little-endian words of eight, zero padded. */
export function toWords(bytes: Uint8Array): bigint[] {
  const padded = new Uint8Array(Math.ceil(bytes.length / WORD) * WORD);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  const words = Array.from({ length: padded.length / WORD }, (_, index) => view.getBigUint64(index * WORD, true));
  return [BigInt(bytes.length), ...words];
}

/** @throws MalformedResult where the values are not as {@link toWords} writes them */
export function fromWords(values: readonly bigint[]): Uint8Array {
  const [size = 0n, ...words] = values;
  if (size < 1n || BigInt(words.length) !== (size + BigInt(WORD - 1)) / BigInt(WORD)) {
    throw new MalformedResult(`${values.length} values cannot be ${size} bytes`);
  }
  const padded = new Uint8Array(words.length * WORD);
  const view = new DataView(padded.buffer);
  for (const [index, word] of words.entries()) view.setBigUint64(index * WORD, word, true);
  if (padded.subarray(Number(size)).some((byte) => byte !== 0)) throw new MalformedResult('the padding is not zero');
  return padded.subarray(0, Number(size));
}

/** The units that an assignment is about: of its tasks; of an aggregation, those allocated to its prover. */
export function unitsOf({ tasks, allocation, prover }: AssignmentContent): readonly number[] {
  const units = tasks.flatMap((ref) => segmentOf(ref) ?? []).map((segment) => segment % allocation.length);
  const allocated = allocation.flatMap((owner, unit) => (owner === prover ? [unit] : []));
  return [...new Set(units.length > 0 ? units : allocated)].sort((a, b) => a - b);
}

/** Every segment of the units, the boundary (0) among those of unit 0. */
export function segmentsOfUnits(
  { allocation, statement }: AssignmentContent,
  units: readonly number[],
): readonly Segment[] {
  const all = Array.from({ length: statement.segments + 1 }, (_, segment) => segment as Segment);
  return all.filter((segment) => units.includes(segment % allocation.length));
}

/** @param inputPath where the worker finds the input */
export function contributionRequest(assignment: AssignmentContent, inputPath: string): ExecuteTaskRequest {
  const value: ContributionParams = {
    blockId: assignment.labels[BLOCK_ID_LABEL] ?? '',
    inputPath,
    rankId: rankOf(assignment, assignment.prover),
    totalProvers: ranksOf(assignment).length,
    proverAllocation: [...unitsOf(assignment)],
    jobComputeUnits: assignment.allocation.length,
  };
  return request(assignment, TaskType.PARTIAL_CONTRIBUTION, { $case: 'contributionParams', value });
}

/** Carries every commitment of the job in order, the boundary's first: what the challenge is derived from. */
export function proveRequest(assignment: AssignmentContent): ExecuteTaskRequest {
  const challenges = assignment.commitments.map((commitment, segment) => toChallenges(assignment, commitment, segment));
  return request(assignment, TaskType.PROVE, { $case: 'proveParams', value: { challenges } });
}

/** One set of verified proofs; the answer to the last one is the final proof. */
export function aggregateRequest(
  assignment: AssignmentContent,
  set: readonly { readonly segment: number; readonly bytes: Uint8Array }[],
  isLast: boolean,
): ExecuteTaskRequest {
  const proofs = set.map(({ segment, bytes }): Proof => {
    const owner = assignment.allocation[segment % assignment.allocation.length] ?? null;
    return { workerIdx: rankOf(assignment, owner), airgroupId: BigInt(segment), values: toWords(bytes) };
  });
  const value = AggParams.create({
    aggProofs: { proofs },
    lastProof: isLast,
    finalProof: isLast,
    aggregation: true,
    verifyProofs: true,
  });
  return request(assignment, TaskType.AGGREGATE, { $case: 'aggParams', value });
}

/** Commitments by segment. @throws MalformedResult */
export function commitmentsIn({ resultData }: ExecuteTaskResponse): ReadonlyMap<number, Commitment> {
  if (resultData?.$case !== 'challenges') {
    throw new MalformedResult(`a contribution was answered by ${named(resultData)}`);
  }
  return new Map(
    resultData.value.challenges.map(({ airgroupId, challenge }) => [airgroupId, fromChallenge(challenge)]),
  );
}

/** Segment proofs by segment. @throws MalformedResult */
export function proofsIn({ resultData }: ExecuteTaskResponse): ReadonlyMap<number, Uint8Array> {
  if (resultData?.$case !== 'proofs') {
    throw new MalformedResult(`PROVE was answered by ${named(resultData)}`);
  }
  if (resultData.value.proofs.length === 0) throw new MalformedResult('PROVE was answered without a proof');
  return new Map(resultData.value.proofs.map(({ airgroupId, values }) => [Number(airgroupId), fromWords(values)]));
}

/** @throws MalformedResult */
export function finalProofIn({ resultData }: ExecuteTaskResponse): Uint8Array {
  if (resultData?.$case !== 'finalProof') {
    throw new MalformedResult(`AGGREGATE was answered by ${named(resultData)}`);
  }
  const [proof, ...more] = resultData.value.finalProofs;
  if (!proof || more.length > 0) throw new MalformedResult(`there are ${more.length + (proof ? 1 : 0)} final proofs`);
  return fromWords(proof.values);
}

function request(
  { prover, job }: AssignmentContent,
  taskType: TaskType,
  params: ExecuteTaskRequest['params'],
): ExecuteTaskRequest {
  return ExecuteTaskRequest.create({ proverId: prover, jobId: job, taskType, params });
}

function toChallenges(assignment: AssignmentContent, commitment: Commitment, segment: number): Challenges {
  const view = new DataView(Uint8Array.from(Buffer.from(commitment, 'hex')).buffer);
  const challenge = Array.from({ length: COMMITMENT_ELEMENTS }, (_, index) =>
    BigInt(view.getUint32(index * ELEMENT, true)),
  );
  const owner = assignment.allocation[segment % assignment.allocation.length] ?? null;
  return { workerIndex: rankOf(assignment, owner), airgroupId: segment, challenge };
}

function fromChallenge(values: readonly bigint[]): Commitment {
  const bytes = Buffer.alloc(values.length * ELEMENT);
  for (const [index, value] of values.entries()) {
    if (value > 0xffff_ffffn) throw new MalformedResult(`the commitment's value ${value} is no field element`);
    bytes.writeUInt32LE(Number(value), index * ELEMENT);
  }
  try {
    return parseCommitment(bytes.toString('hex'), 'challenge');
  } catch (error) {
    if (error instanceof DomainError) throw new MalformedResult(`${error.message}; ${error.hint}`);
    throw error;
  }
}

/** Provers of the job in the order of their units; one that took over a partition comes last. */
function ranksOf({ allocation, prover }: AssignmentContent): ProverId[] {
  return [...new Set([...allocation.filter((owner) => owner !== null), prover])];
}

function rankOf(assignment: AssignmentContent, prover: ProverId | null): number {
  return prover === null ? 0 : Math.max(0, ranksOf(assignment).indexOf(prover));
}

function named(result: ExecuteTaskResponse['resultData']): string {
  return result ? `a result of another task type (${result.$case})` : 'nothing';
}
