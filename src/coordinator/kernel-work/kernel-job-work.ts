import { Injectable } from '@nestjs/common';
import { SEGMENT_CYCLES } from '../../domain/job/segment-size.js';
import { ContentError } from '../../content/content.error.js';
import { ContentStore } from '../../content/content-store.js';
import { BOUNDARY, type Challenge, type Leaf, type Segment, type Sha256 } from '../../domain/ids.js';
import { leavesOf, proofsOf } from '../../domain/job/assignment.js';
import type { ArtifactRef, JobState, Plan, Run } from '../../domain/job/job-state.js';
import type { TaskRef } from '../../domain/job/task.js';
import { KernelError, type KernelErrorCode } from '../../kernel/kernel.error.js';
import { Kernel } from '../../kernel/kernel.js';
import {
  MAX_SEGMENTS,
  type ChallengeRequest,
  type ProgramRun,
  type ProgramSetup,
  type Statement,
  type VerifiedProof,
} from '../../kernel/kernel.types.js';
import { mapBounded } from '../../lifecycle/map-bounded.js';
import { JobWork, type CheckOutcome, type CombineOutcome, type PlanOutcome } from '../jobs/job-work.js';
import { VerifyingKeys } from './verifying-keys.js';

/** Failures of a plan that the program itself is to blame for. */
const GUESTS_FAULT: ReadonlySet<KernelErrorCode> = new Set([
  'invalid_elf',
  'unproven_instruction',
  'guest_failed',
  'limit_exceeded',
]);

/** Failures of a verification that the proof itself is to blame for. */
const PROOFS_FAULT: ReadonlySet<KernelErrorCode> = new Set(['invalid_proof', 'verification_failed']);

/** What a run may take whose result nobody looks at. */
const WARM_UP = { maxCycles: 2n ** 16n, maxMemoryBytes: 2 ** 26, maxOutputBytes: 2 ** 16 };

const READS_AT_ONCE = 4;

/** Jobs whose expected final proof is kept in mind; a forgotten one is verified in full. */
const KEPT_FINALS = 64;

/** The coordinator's own work: the kernel over artifacts. */
@Injectable()
export class KernelJobWork extends JobWork {
  private readonly keys: VerifyingKeys;
  /** What joining a round's proofs has to give, by job and round. */
  private readonly expectedFinals = new Map<string, Promise<CombineOutcome | null>>();

  constructor(
    private readonly kernel: Kernel,
    private readonly content: ContentStore,
  ) {
    super();
    this.keys = new VerifyingKeys(kernel, content);
  }

  /**
   * Derives the program's key and runs it on no input, whatever that gives: the kernel's code is compiled when it is
   * first used, and the first job does not wait for that. The run comes last, as the job's plan will be the next call.
   */
  override async prepare(program: Sha256): Promise<void> {
    const run = { elf: await this.content.read(program), input: new Uint8Array(0), limits: WARM_UP };
    const { default: segmentCycles } = SEGMENT_CYCLES;
    await this.keys.of(program);
    try {
      await this.kernel.plan({ ...run, segmentCycles, purpose: 'execute' });
    } catch {
      // What it does without an input is of no interest.
    }
  }

  /**
   * Joins the proofs here as well: the same proofs make the same final proof, so the prover's is verified by being
   * the same, and nobody waits while the last step of a job is checked.
   */
  override anticipate(job: JobState): void {
    const own = this.combine(job).catch(() => null);
    this.expectedFinals.set(roundKey(job), own);
    for (const oldest of [...this.expectedFinals.keys()].slice(0, -KEPT_FINALS)) this.expectedFinals.delete(oldest);
  }

  override async plan(job: JobState): Promise<PlanOutcome> {
    const { limits } = job.request;
    const request = {
      ...(await this.runOf(job)),
      limits: { ...limits, maxCycles: BigInt(limits.maxCycles) },
      purpose: 'execute' as const,
    };
    const key = this.keys.of(job.request.program);
    // Looked at below, and only where the run succeeds.
    key.catch(() => undefined);
    try {
      const result = await this.kernel.plan(request);
      return result.outcome === 'failed'
        ? { kind: 'guest_failed', reason: result.failure.message }
        : planOutcome(result.statement, await key);
    } catch (error) {
      if (!(error instanceof KernelError && GUESTS_FAULT.has(error.code))) throw error;
      return { kind: 'guest_failed', reason: error.message };
    }
  }

  override async challenge(job: JobState): Promise<Challenge> {
    return hex(await this.kernel.challenge(bindingOf(runOf(job)))) as Challenge;
  }

  override async settle(job: JobState, segment: Segment): Promise<Leaf> {
    const [contribution] = await this.kernel.contribute({ ...(await this.runOf(job)), segments: [segment] });
    if (!contribution) throw new KernelError('protocol', `the kernel made no leaf for segment ${segment}`);
    return hex(contribution.leaf) as Leaf;
  }

  /**
   * Joins without verifying again: each proof was verified here when it was reported, and what is read now is what was
   * verified then, as the store checks the digest of all it reads.
   */
  override async combine(job: JobState): Promise<CombineOutcome> {
    const run = runOf(job);
    const found = await mapBounded(proofsOf(run), READS_AT_ONCE, ({ sha256 }) => this.find(sha256));
    const lost = found.indexOf(null);
    if (lost >= 0) return { kind: 'proof_lost', round: run.round, segment: (BOUNDARY + lost) as Segment };
    const proofs = found.filter((proof) => proof !== null);
    const { vk } = await this.keys.of(job.request.program);
    try {
      const request = { ...bindingOf(run), vk, proofs, verifyProofs: false };
      const final = await this.content.putBytes(await this.kernel.aggregate(request));
      return { kind: 'combined', final: final as ArtifactRef };
    } catch (error) {
      if (error instanceof KernelError && error.code === 'verification_failed') return { kind: 'unbalanced' };
      throw error;
    }
  }

  override async check(job: JobState, task: TaskRef, artifact: ArtifactRef): Promise<CheckOutcome> {
    const own = task.kind === 'aggregate' ? await this.ownFinal(job) : null;
    if (own?.sha256 === artifact.sha256) return { kind: 'verified', artifact: own };
    const proof = await this.find(artifact.sha256);
    if (!proof) return { kind: 'missing' };
    try {
      if (task.kind === 'aggregate') await this.checkFinal(job, proof);
      else await this.checkSegment(job, task.segment, proof);
      return { kind: 'verified', artifact };
    } catch (error) {
      if (!(error instanceof KernelError && PROOFS_FAULT.has(error.code))) throw error;
      return { kind: 'refused', reason: error.message };
    }
  }

  override sizeOf(artifact: Sha256): Promise<number | null> {
    return this.content.size(artifact);
  }

  private async checkSegment(job: JobState, segment: Segment, proof: Uint8Array): Promise<void> {
    const { vk } = await this.keys.of(job.request.program);
    await this.kernel.verifySegment({ ...bindingOf(runOf(job)), vk, segment, proof });
  }

  /** What joining the round's proofs here has given; null where that was not done, failed, or is gone from the disk. */
  private async ownFinal(job: JobState): Promise<ArtifactRef | null> {
    const own = await this.expectedFinals.get(roundKey(job));
    if (own?.kind !== 'combined') return null;
    return (await this.content.size(own.final.sha256)) === own.final.size ? own.final : null;
  }

  private async checkFinal(job: JobState, proof: Uint8Array): Promise<void> {
    const { plan } = runOf(job);
    const verified = await this.kernel.verify({ proof, expected: { vkDigest: plan.vkDigest } });
    if (!provesPlan(verified, plan)) {
      throw new KernelError('verification_failed', 'the final proof holds, but for another run of the program');
    }
  }

  private async runOf({ request }: JobState): Promise<ProgramRun> {
    const [elf, input] = await Promise.all([this.content.read(request.program), this.content.read(request.input)]);
    return { elf, input, segmentCycles: request.segmentCycles };
  }

  private async find(sha256: Sha256): Promise<Uint8Array | null> {
    try {
      return await this.content.read(sha256);
    } catch (error) {
      if (error instanceof ContentError) return null;
      throw error;
    }
  }
}

function planOutcome(statement: Statement, { programDigest, vkDigest }: ProgramSetup): PlanOutcome {
  const { exitCode, cycles, segments, output } = statement;
  if (exitCode !== 0) return { kind: 'guest_failed', reason: `the guest ended with exit code ${exitCode}` };
  if (segments > MAX_SEGMENTS) {
    const reason = `the run has ${segments} segments, a proof holds at most ${MAX_SEGMENTS}: use longer segments`;
    return { kind: 'guest_failed', reason };
  }
  const plan = { programDigest, vkDigest, exitCode, segments, cycles: Number(cycles), output: hex(output) };
  return { kind: 'planned', plan };
}

function runOf({ id, run }: JobState): Run {
  if (!run) throw new KernelError('invalid_request', `job ${id} is not planned`);
  return run;
}

function roundKey(job: JobState): string {
  return `${job.id} ${runOf(job).round}`;
}

/** What every call about the job's current round is bound to. */
function bindingOf(run: Run): ChallengeRequest {
  return { statement: statementOf(run.plan), leaves: leavesOf(run).map((leaf) => bytes(leaf)) };
}

function statementOf({ cycles, output, ...rest }: Plan): Statement {
  return { ...rest, cycles: BigInt(cycles), output: bytes(output) };
}

function provesPlan({ statement }: VerifiedProof, plan: Plan): boolean {
  const { exitCode, cycles, segments, output } = statement;
  const sameTotals = exitCode === plan.exitCode && cycles === BigInt(plan.cycles) && segments === plan.segments;
  return sameTotals && hex(output) === plan.output;
}

function hex(value: Uint8Array): string {
  return Buffer.from(value).toString('hex');
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'hex');
}
