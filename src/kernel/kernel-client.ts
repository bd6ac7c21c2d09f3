import { readAnswer, type Answer } from './abi/answer.js';
import { encodeMessage } from './abi/message.js';
import { checkCommitments, readStatement, splitCommitments, statementHeader } from './abi/statement.js';
import { readTables } from './abi/tables.js';
import { readVerified, verifyRequest } from './abi/verify.js';
import { Kernel, type KernelCallOptions } from './kernel.js';
import {
  GUEST_FAILURE_CODES,
  type AggregateRequest,
  type ChallengeRequest,
  type ContributeRequest,
  type Contribution,
  type KernelInfo,
  type KernelTables,
  type PlanRequest,
  type PlanResult,
  type ProgramSetup,
  type ProveRequest,
  type SegmentProof,
  type SegmentVerdict,
  type VerifiedProof,
  type VerifyRequest,
  type VerifySegmentRequest,
} from './kernel.types.js';

/** The kernel's calls in the words of its binary interface, whatever carries requests and responses. */
export abstract class KernelClient extends Kernel {
  /**
   * Has a request answered; its buffer is handed over and must not be used again.
   * @throws KernelError where no answer comes
   */
  protected abstract send(request: Uint8Array, options?: KernelCallOptions): Promise<Uint8Array>;

  /** SHA-256 of the kernel's file, lower-case hex. */
  protected abstract binaryDigest(): Promise<string>;

  override async info(options?: KernelCallOptions): Promise<KernelInfo> {
    const { fields } = await this.call({ op: 'info' }, [], options);
    return {
      version: fields.text('version'),
      proofParameters: fields.text('proofParameters'),
      proofFormat: fields.u32('proofFormat'),
      tablesRevision: fields.u32('tablesRevision'),
      sourceDigest: fields.text('sourceDigest'),
      minSegmentCycles: fields.u32('minSegmentCycles'),
      maxSegmentCycles: fields.u32('maxSegmentCycles'),
      securityBits: fields.number('securityBits'),
      binaryDigest: await this.binaryDigest(),
    };
  }

  override async tables(options?: KernelCallOptions): Promise<KernelTables> {
    const { fields } = await this.call({ op: 'tables' }, [], options);
    return readTables(fields);
  }

  override async setup(elf: Uint8Array, options?: KernelCallOptions): Promise<ProgramSetup> {
    const { fields, blob } = await this.call({ op: 'setup' }, [elf], options);
    return { programDigest: fields.text('programDigest'), vkDigest: fields.text('vkDigest'), vk: blob(0) };
  }

  override async plan(request: PlanRequest, options?: KernelCallOptions): Promise<PlanResult> {
    const { elf, input, segmentCycles, purpose } = request;
    const { maxCycles, ...rest } = request.limits;
    const limits = { maxCycles: maxCycles.toString(), ...rest };
    const answer = await this.call({ op: 'plan', purpose, segmentCycles, limits }, [elf, input], options);
    return readPlan(answer);
  }

  override async contribute(request: ContributeRequest, options?: KernelCallOptions): Promise<Contribution[]> {
    const { elf, input, segmentCycles, segments } = request;
    const { blob } = await this.call({ op: 'contribute', segmentCycles, segments }, [elf, input], options);
    const commitments = splitCommitments(blob(0), segments.length);
    return segments.map((segment, index) => ({ segment, commitment: commitments[index] ?? blob(0) }));
  }

  override async challenge(request: ChallengeRequest, options?: KernelCallOptions): Promise<Uint8Array> {
    const { statement } = request;
    const header = { op: 'challenge', statement: statementHeader(statement) };
    const { blob } = await this.call(header, bound(request), options);
    return blob(0);
  }

  override async prove(request: ProveRequest, options?: KernelCallOptions): Promise<SegmentProof> {
    const { elf, input, statement, segmentCycles, segment } = request;
    const header = { op: 'prove', statement: statementHeader(statement), segmentCycles, segment };
    const { fields, blob } = await this.call(header, [elf, input, ...bound(request)], options);
    return { proof: blob(0), logHeights: fields.optionalU32s('logHeights') };
  }

  override async aggregate(request: AggregateRequest, options?: KernelCallOptions): Promise<Uint8Array> {
    const { statement, vk, proofs, verifyProofs } = request;
    const header = { op: 'aggregate', statement: statementHeader(statement), verifyProofs };
    const { blob } = await this.call(header, [vk, ...bound(request), ...proofs], options);
    return blob(0);
  }

  override async verifySegment(request: VerifySegmentRequest, options?: KernelCallOptions): Promise<SegmentVerdict> {
    const { statement, segment, vk, proof } = request;
    const header = { op: 'verify_segment', statement: statementHeader(statement), segment };
    const { blob } = await this.call(header, [vk, ...bound(request), proof], options);
    return { xsegSum: blob(0) };
  }

  override async verify({ proof, expected }: VerifyRequest, options?: KernelCallOptions): Promise<VerifiedProof> {
    return readVerified(await this.send(verifyRequest(proof, expected), options));
  }

  private async call(
    header: Readonly<Record<string, unknown>>,
    blobs: readonly Uint8Array[],
    options?: KernelCallOptions,
  ): Promise<Answer> {
    return readAnswer(await this.send(encodeMessage(header, blobs), options));
  }
}

/** What every call about a statement is bound to: its output and all commitments. */
function bound({ statement, commitments }: ChallengeRequest): [Uint8Array, Uint8Array] {
  return [statement.output, checkCommitments(statement, commitments)];
}

function readPlan({ fields, blob }: Answer): PlanResult {
  if (fields.choice('outcome', ['halted', 'failed']) === 'failed') {
    const failure = fields.object('failure');
    const code = failure.choice('code', GUEST_FAILURE_CODES);
    const [message, pc, cycles] = [failure.text('message'), failure.optionalU64('pc'), failure.u64('cycles')];
    return { outcome: 'failed', failure: { code, message, pc, cycles } };
  }
  const statement = readStatement(fields.object('statement'), blob(0));
  return {
    outcome: 'halted',
    statement,
    misalignedAccesses: fields.u64('misalignedAccesses'),
    wordsTouched: fields.optionalU64('wordsTouched'),
    acceleratorCalls: fields.optionalU64('acceleratorCalls'),
    proofBytes: fields.optionalU64('proofBytes'),
    memoryBytes: fields.optionalU64('memoryBytes'),
  };
}
