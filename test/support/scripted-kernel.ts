import { createHash } from 'node:crypto';
import { KernelError } from '../../src/kernel/kernel.error.js';
import { Kernel, type KernelCallOptions } from '../../src/kernel/kernel.js';
import type {
  AggregateRequest,
  ChallengeRequest,
  ContributeRequest,
  Contribution,
  KernelInfo,
  KernelTables,
  PlanRequest,
  PlanResult,
  ProgramSetup,
  ProveRequest,
  SegmentProof,
  SegmentVerdict,
  Statement,
  VerifiedProof,
  VerifyRequest,
  VerifySegmentRequest,
} from '../../src/kernel/kernel.types.js';

const sha256 = (...parts: (Uint8Array | string)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** A digest as eight field elements: each little-endian word is below 2^30. */
function commitmentOf(...parts: (Uint8Array | string)[]): Uint8Array {
  return sha256(...parts).map((byte, index) => (index % 4 === 3 ? byte & 0x3f : byte));
}

/**
 * A kernel without mathematics: its commitments and "proofs" are digests of what they are about, so that a test sees whether
 * everything reached the right place. It proves nothing.
 */
export class ScriptedKernel extends Kernel {
  /** Calls in flight now, and the most there ever were. */
  running = 0;
  peak = 0;
  readonly calls: string[] = [];
  /** Segments whose proof fails. */
  readonly failing = new Set<number>();
  plan$: (request: PlanRequest) => PlanResult = (request) => this.halts(request);
  segments = 3;

  halts({ elf, input }: PlanRequest, change: Partial<Statement> = {}): PlanResult {
    const digests = { programDigest: sha256(elf).toString('hex'), vkDigest: sha256('vk', elf).toString('hex') };
    const output = sha256('output', input).subarray(0, 4);
    const statement = { ...digests, exitCode: 0, cycles: 1000n, segments: this.segments, output, ...change };
    return { outcome: 'halted', statement, misalignedAccesses: 2n };
  }

  override info(): Promise<KernelInfo> {
    return Promise.reject(new KernelError('unavailable', 'the scripted kernel has no binary'));
  }

  override tables(): Promise<KernelTables> {
    return Promise.reject(new KernelError('unavailable', 'the scripted kernel has no tables'));
  }

  override setup(elf: Uint8Array): Promise<ProgramSetup> {
    const vk = sha256('vk', elf);
    return Promise.resolve({ programDigest: sha256(elf).toString('hex'), vkDigest: vk.toString('hex'), vk });
  }

  override plan(request: PlanRequest): Promise<PlanResult> {
    this.calls.push(`plan ${request.purpose} ${request.segmentCycles}`);
    return Promise.resolve(this.plan$(request));
  }

  override contribute({ elf, segments }: ContributeRequest, options?: KernelCallOptions): Promise<Contribution[]> {
    return this.work(`contribute ${segments.join(' ')}`, options, () => {
      options?.onProgress?.({ phase: 'contribute', fraction: 1 });
      return segments.map((segment) => ({ segment, commitment: commitmentOf('commitment', elf, String(segment)) }));
    });
  }

  override challenge({ statement, commitments }: ChallengeRequest): Promise<Uint8Array> {
    return Promise.resolve(sha256('challenge', statement.vkDigest, commitments));
  }

  override prove(request: ProveRequest, options?: KernelCallOptions): Promise<SegmentProof> {
    const { segment, statement, commitments } = request;
    return this.work(`prove ${segment}`, options, () => {
      if (this.failing.has(segment)) throw new KernelError('trapped', `segment ${segment} trapped`);
      options?.onProgress?.({ phase: 'prove', fraction: 1 });
      return { proof: sha256('proof', statement.vkDigest, commitments, String(segment)), logHeights: [8] };
    });
  }

  override aggregate({ proofs, vk, statement, verifyProofs }: AggregateRequest): Promise<Uint8Array> {
    this.calls.push(`${verifyProofs ? 'verify and aggregate' : 'aggregate'} ${proofs.length}`);
    if (statement.vkDigest !== Buffer.from(vk).toString('hex')) throw new KernelError('invalid_request', 'other vk');
    return Promise.resolve(Buffer.concat([vk, ...proofs]));
  }

  override verifySegment({ segment, commitments, proof, statement }: VerifySegmentRequest): Promise<SegmentVerdict> {
    const expected = sha256('proof', statement.vkDigest, commitments, String(segment));
    if (!expected.equals(proof)) throw new KernelError('verification_failed', `segment ${segment} does not hold`);
    return Promise.resolve({ xsegSum: new Uint8Array(20) });
  }

  override verify({ proof, expected }: VerifyRequest): Promise<VerifiedProof> {
    this.calls.push('verify');
    const vk = Buffer.from(proof.subarray(0, 32));
    const wanted = 'elf' in expected ? sha256('vk', expected.elf).toString('hex') : expected.vkDigest;
    if (vk.toString('hex') !== wanted) {
      const details = { rule: 'vk', expected: wanted, got: vk.toString('hex') };
      return Promise.reject(new KernelError('verification_failed', 'the proof is of another program', details));
    }
    const elf = 'elf' in expected ? expected.elf : new Uint8Array();
    const plan = this.halts({ elf, input: new Uint8Array() } as PlanRequest);
    if (plan.outcome === 'failed') throw new Error('unreachable');
    return Promise.resolve({ statement: plan.statement, securityBits: 100.2 });
  }

  private async work<T>(call: string, options: KernelCallOptions | undefined, result: () => T): Promise<T> {
    this.calls.push(call);
    this.running += 1;
    this.peak = Math.max(this.peak, this.running);
    await new Promise((resolve) => setImmediate(resolve));
    this.running -= 1;
    if (options?.signal?.aborted) throw new KernelError('aborted', 'the kernel call was cancelled');
    return result();
  }
}
