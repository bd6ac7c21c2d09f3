import { Injectable } from '@nestjs/common';
import { MAX_SEGMENTS, SEGMENT_CYCLES } from '../../domain/job/segment-limits.js';
import { ContentError, type ContentErrorCode } from '../../content/content.error.js';
import { ContentStore } from '../../content/content-store.js';
import { DomainError } from '../../domain/errors.js';
import { BOUNDARY, type Challenge, type Commitment, type Segment, type Sha256 } from '../../domain/ids.js';
import { commitmentsOf, proofsOf } from '../../domain/job/assignment-content.js';
import type { ArtifactRef, JobState, Plan, Run } from '../../domain/job/job-state.js';
import type { TaskRef } from '../../domain/job/task.js';
import { bindingOf, commitmentBytes, toHex } from '../../kernel/binding.js';
import { isOtherCommitment, KernelError, type KernelErrorCode } from '../../kernel/kernel.error.js';
import { Kernel } from '../../kernel/kernel.js';
import {
  COMMITMENT_BYTES,
  type ChallengeRequest,
  type Execution,
  type ProgramRun,
  type ProgramSetup,
  type Statement,
  type VerifiedProof,
} from '../../kernel/kernel.types.js';
import type { JobFailure } from '../../domain/job/failure.js';
import { mapBounded } from '../../lifecycle/map-bounded.js';
import {
  HopelessWork,
  JobWork,
  SENT_COMMITMENTS,
  type CheckOutcome,
  type DerivedChallenge,
  type LocalAggregation,
  type PlanOutcome,
  type PlanRun,
  type UnfinishedPlan,
} from '../jobs/job-work.js';
import { VerifyingKeys } from './verifying-keys.js';

/** Failures of a plan that the program itself is to blame for. */
const GUESTS_FAULT: ReadonlySet<KernelErrorCode> = new Set(['invalid_elf', 'unproven_instruction', 'guest_failed']);

/** The kernel's calls are deterministic: what it refuses in these words it refuses everywhere and always. */
const LASTING: ReadonlySet<KernelErrorCode> = new Set([
  ...GUESTS_FAULT,
  'invalid_request',
  'invalid_proof',
  'verification_failed',
  'internal',
]);

/** Errors of a call that its own arguments bring about, the same in every instance; memory and threads are the host's. */
const STOPPED_BY_INPUT: ReadonlySet<KernelErrorCode> = new Set([
  'trapped',
  'internal',
  'protocol',
  'invalid_request',
  'limit_exceeded',
]);

/** What every verifier that works refuses. */
const NO_PROOF = new Uint8Array(0);

/** What a run may take whose result nobody looks at. */
const WARM_UP = { maxCycles: 2n ** 16n, maxMemoryBytes: 2 ** 26, maxOutputBytes: 2 ** 16 };

const READS_AT_ONCE = 4;

/** Jobs whose expected final proof is kept in mind; a forgotten one is verified in full. */
const KEPT_FINALS = 64;

/** Coordinator tasks: the kernel over artifacts. */
@Injectable()
export class KernelJobWork extends JobWork {
  private readonly keys: VerifyingKeys;
  /** What aggregating an attempt's proofs has to give, by job and attempt. */
  private readonly expectedFinals = new Map<string, Promise<LocalAggregation | null>>();

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
  override async warmUp(program: Sha256): Promise<void> {
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
   * Aggregates the proofs here as well: the same proofs make the same final proof, so the prover's is verified by being
   * the same, and nobody waits while the last step of a job is checked.
   */
  override precompute(job: JobState): void {
    const own = this.aggregateLocally(job).catch(() => null);
    this.expectedFinals.set(attemptKey(job), own);
    for (const oldest of [...this.expectedFinals.keys()].slice(0, -KEPT_FINALS)) this.expectedFinals.delete(oldest);
  }

  override plan(job: JobState, run: PlanRun): Promise<PlanOutcome | UnfinishedPlan> {
    return doable(this.planned(job, run));
  }

  private async planned(job: JobState, run: PlanRun): Promise<PlanOutcome | UnfinishedPlan> {
    const { limits } = job.request;
    const maxCycles = Math.min(limits.maxCycles, run.maxCycles);
    const request = {
      ...(await this.runOf(job)),
      limits: { ...limits, maxCycles: BigInt(maxCycles) },
      purpose: 'measure' as const,
    };
    const key = this.keyOf(job);
    // Looked at below, and only where the run succeeds.
    key.catch(() => undefined);
    try {
      const result = await this.kernel.plan(request, { timeoutMs: run.timeoutMs, signal: run.signal });
      if (result.outcome === 'halted') return this.overLimit(result) ?? planOutcome(result.statement, await key);
      const isCut = result.failure.code === 'CYCLE_LIMIT' && maxCycles < limits.maxCycles;
      return isCut ? { kind: 'unfinished' } : { kind: 'guest_failed', reason: result.failure.message };
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      if (GUESTS_FAULT.has(error.code)) return { kind: 'guest_failed', reason: error.message };
      throw error.code === 'timeout' ? tooLong(run.timeoutMs, error) : error;
    }
  }

  /** Work on a proof that would be too large to be kept does not begin. */
  private overLimit({ proofBytes = 0n }: Execution): PlanOutcome | null {
    const allowed = this.content.maxProofBytes;
    if (proofBytes <= BigInt(allowed)) return null;
    const message =
      `the final proof may have up to ${proofBytes} bytes, at most ${allowed} are admitted (DISTRIBUTED_LIMIT_PROOF): ` +
      'use more cycles per segment, let the program do less, or raise the limit';
    return { kind: 'cannot_succeed', failure: { code: 'LIMIT_EXCEEDED', message } };
  }

  override challenge(job: JobState): Promise<DerivedChallenge> {
    return doable(this.derived(boundTo(runOf(job))));
  }

  private async derived(binding: ChallengeRequest): Promise<DerivedChallenge> {
    const challenge = toHex(await this.kernel.challenge(binding)) as Challenge;
    const { commitments } = binding;
    const isLong = commitments.length > SENT_COMMITMENTS * COMMITMENT_BYTES;
    return { challenge, commitmentList: isLong ? await this.keep(commitments) : null };
  }

  override recompute(job: JobState, segment: Segment, signal: AbortSignal): Promise<Commitment> {
    return doable(this.commitmentOf(job, segment, signal));
  }

  override prove(job: JobState, segment: Segment, signal: AbortSignal): Promise<ArtifactRef | null> {
    return doable(this.proofOf(job, segment, signal));
  }

  private async proofOf(job: JobState, segment: Segment, signal: AbortSignal): Promise<ArtifactRef | null> {
    const request = { ...(await this.runOf(job)), ...boundTo(runOf(job)), segment };
    try {
      const { proof } = await this.kernel.prove(request, { signal });
      return (await this.content.putBytes(proof, 'proof')) as ArtifactRef;
    } catch (error) {
      if (isOtherCommitment(error)) return null;
      throw error;
    }
  }

  private async commitmentOf(job: JobState, segment: Segment, signal: AbortSignal): Promise<Commitment> {
    const request = { ...(await this.runOf(job)), segments: [segment] };
    const [contribution] = await this.kernel.contribute(request, { signal });
    if (!contribution) throw new KernelError('protocol', `the kernel made no commitment for segment ${segment}`);
    return toHex(contribution.commitment) as Commitment;
  }

  /**
   * Aggregates without verifying again: each proof was verified here when it was reported, and what is read now is what was
   * verified then, as the store checks the digest of all it reads.
   */
  override aggregateLocally(job: JobState): Promise<LocalAggregation> {
    return doable(this.aggregated(job));
  }

  private async aggregated(job: JobState): Promise<LocalAggregation> {
    const run = runOf(job);
    const found = await mapBounded(proofsOf(run), READS_AT_ONCE, ({ sha256 }) => this.find(sha256));
    const lost = found.indexOf(null);
    if (lost >= 0) return { kind: 'proof_lost', attempt: run.attempt, segment: (BOUNDARY + lost) as Segment };
    const proofs = found.filter((proof) => proof !== null);
    const { vk } = await this.keyOf(job);
    try {
      const request = { ...boundTo(run), vk, proofs, verifyProofs: false };
      return { kind: 'aggregated_locally', final: await this.keep(await this.kernel.aggregate(request)) };
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
    // Its size is the file's, whatever its prover says.
    const stored = { sha256: artifact.sha256, size: proof.length };
    const refusal = await this.refusalOf(job, task, proof);
    return refusal === null ? { kind: 'verified', artifact: stored } : { kind: 'refused', reason: refusal };
  }

  /**
   * Why a proof is refused; null where it holds. A proof over which the kernel stops, here and in another instance, is to
   * blame if the kernel does judge other bytes in its place: no honest prover makes one. Else the trouble is ours.
   * @throws KernelError where it cannot be judged now
   */
  private async refusalOf(job: JobState, task: TaskRef, proof: Uint8Array): Promise<string | null> {
    const first = await this.verdictOn(job, task, proof);
    if (!(first instanceof KernelError)) return first;
    const second = await this.verdictOn(job, task, proof);
    if (!(second instanceof KernelError)) return second;
    if (!STOPPED_BY_INPUT.has(second.code)) throw second;
    const control = await this.verdictOn(job, task, NO_PROOF);
    if (control instanceof KernelError) throw second;
    return `the verifier stops over it: ${second.code}: ${second.message}`;
  }

  /** Why the kernel refuses a proof, null where it holds, its error where it does not say. */
  private async verdictOn(job: JobState, task: TaskRef, proof: Uint8Array): Promise<string | KernelError | null> {
    // What is wrong with the key is not wrong with the proof.
    const { vk } = await this.keyOf(job);
    try {
      if (task.kind === 'aggregate') await this.checkFinal(job, proof);
      else await this.kernel.verifySegment({ ...boundTo(runOf(job)), vk, segment: task.segment, proof });
      return null;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      return error.isRejection ? error.message : error;
    }
  }

  override sizeOf(artifact: Sha256): Promise<number | null> {
    return this.content.size(artifact);
  }

  /** What aggregating the attempt's proofs here has given; null where that was not done, failed, or is gone from the disk. */
  private async ownFinal(job: JobState): Promise<ArtifactRef | null> {
    const own = await this.expectedFinals.get(attemptKey(job));
    if (own?.kind !== 'aggregated_locally') return null;
    return (await this.content.isWhole(own.final)) ? own.final : null;
  }

  private async checkFinal(job: JobState, proof: Uint8Array): Promise<void> {
    const { plan } = runOf(job);
    const verified = await this.kernel.verify({ proof, expected: { vkDigest: plan.vkDigest } });
    if (!provesPlan(verified, plan)) {
      throw new KernelError('verification_failed', 'the final proof holds, but for another run of the program');
    }
  }

  private async runOf({ request }: JobState): Promise<ProgramRun> {
    const [elf, input] = await Promise.all([
      needed('program', this.content.read(request.program)),
      needed('input', this.content.read(request.input)),
    ]);
    return { elf, input, segmentCycles: request.segmentCycles };
  }

  private keyOf({ request }: JobState): Promise<ProgramSetup> {
    return needed('program', this.keys.of(request.program));
  }

  /** Bytes that were there before may have been damaged meanwhile: what is kept was read again. */
  private async keep(bytes: Uint8Array): Promise<ArtifactRef> {
    const ref = await this.content.putBytes(bytes, 'proof');
    if (!(await this.content.isWhole(ref))) await this.content.putBytes(bytes, 'proof');
    return ref as ArtifactRef;
  }

  override async lostArtifact({ request }: JobState): Promise<string | null> {
    for (const name of ['program', 'input'] as const) {
      const sha256 = request[name];
      try {
        await this.content.read(sha256);
      } catch (error) {
        if (isGone(error)) return lost(name, error);
        // Whether it is lost cannot be seen now.
        if (!(error instanceof ContentError)) throw error;
      }
    }
    return null;
  }

  /** A proof that cannot be read is as good as lost: it is made again. */
  private async find(sha256: Sha256): Promise<Uint8Array | null> {
    try {
      return await this.content.read(sha256);
    } catch (error) {
      if (error instanceof ContentError && !PASSES.has(error.code)) return null;
      throw notNow(error);
    }
  }
}

/** Failures of the store that pass by themselves, and are no failure of what was tried. */
const PASSES: ReadonlySet<ContentErrorCode> = new Set(['no_space', 'no_handles', 'folder_gone']);

function notNow(error: unknown): unknown {
  if (!(error instanceof ContentError && PASSES.has(error.code))) return error;
  return new DomainError('SYSTEM_UNAVAILABLE', error.message, error.hint, { cause: error });
}

function lost(name: 'program' | 'input', { message }: ContentError): string {
  return `the ${name} is lost: ${message}; upload it and submit the job again`;
}

/** A program or input that cannot be read any more ends its job. */
async function needed<T>(name: 'program' | 'input', reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!isGone(error)) throw error;
    throw new HopelessWork('ARTIFACT_LOST', lost(name, error), { cause: error });
  }
}

function isGone(error: unknown): error is ContentError {
  return error instanceof ContentError && (error.code === 'missing' || error.code === 'corrupt');
}

/** Work whose failure says whether another try is of any use. */
async function doable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const failure = lastingFailure(error);
    throw failure ? new HopelessWork(failure.code, failure.message, { cause: error }) : notNow(error);
  }
}

function lastingFailure(error: unknown): JobFailure | null {
  if (error instanceof ContentError && error.code === 'too_large') {
    return { code: 'LIMIT_EXCEEDED', message: error.message };
  }
  if (!(error instanceof KernelError)) return null;
  if (error.code === 'limit_exceeded') return { code: 'LIMIT_EXCEEDED', message: error.message };
  return LASTING.has(error.code) ? { code: 'KERNEL_FAILED', message: `${error.code}: ${error.message}` } : null;
}

function planOutcome(statement: Statement, { programDigest, vkDigest }: ProgramSetup): PlanOutcome {
  const { exitCode, cycles, segments, output } = statement;
  if (exitCode !== 0) return { kind: 'guest_failed', reason: `the guest ended with exit code ${exitCode}` };
  if (segments > MAX_SEGMENTS) {
    const reason = `the run has ${segments} segments, a proof holds at most ${MAX_SEGMENTS}: use longer segments`;
    return { kind: 'cannot_succeed', failure: { code: 'LIMIT_EXCEEDED', message: reason } };
  }
  const plan = { programDigest, vkDigest, exitCode, segments, cycles: Number(cycles), output: toHex(output) };
  return { kind: 'planned', plan };
}

function tooLong(timeoutMs: number, cause: KernelError): HopelessWork {
  const message =
    `the program did not end within ${timeoutMs} ms (DISTRIBUTED_PLANNING_TIMEOUT): ` +
    'let it do less, give the job a lower limit of cycles, or raise the timeout';
  return new HopelessWork('LIMIT_EXCEEDED', message, { cause });
}

function runOf({ id, run }: JobState): Run {
  if (!run) throw new KernelError('invalid_request', `job ${id} is not planned`);
  return run;
}

function attemptKey(job: JobState): string {
  return `${job.id} ${runOf(job).attempt}`;
}

/** What every call about the job's current attempt is bound to. */
function boundTo(run: Run): ChallengeRequest {
  return bindingOf(run.plan, commitmentBytes(commitmentsOf(run)));
}

function provesPlan({ statement }: VerifiedProof, plan: Plan): boolean {
  const { exitCode, cycles, segments, output } = statement;
  const sameTotals = exitCode === plan.exitCode && cycles === BigInt(plan.cycles) && segments === plan.segments;
  return sameTotals && toHex(output) === plan.output;
}
