import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContentError } from '../../src/content/content.error.js';
import { ContentStore } from '../../src/content/content-store.js';
import { KernelJobWork } from '../../src/coordinator/kernel-work/kernel-job-work.js';
import type { Commitment, Attempt, Segment, Sha256 } from '../../src/domain/ids.js';
import type { ArtifactRef } from '../../src/domain/job/job-state.js';
import { parseTaskKey } from '../../src/domain/job/task.js';
import { KernelError, type KernelErrorCode } from '../../src/kernel/kernel.error.js';
import { MAX_SEGMENTS } from '../../src/domain/job/segment-limits.js';
import type { PlanRequest, Statement } from '../../src/kernel/kernel.types.js';
import { SystemRandom } from '../../src/lifecycle/random.js';
import { defined, JobDriver } from '../domain/job-driver.js';
import { cleanUp, scratchFolder } from '../support/program.js';
import { ScriptedKernel } from '../support/scripted-kernel.js';

const ELF = Buffer.from('a program');
const INPUT = Buffer.from('an input');
const UPLOAD_LIMIT = 1 << 16;
const PROOF_LIMIT = 1 << 20;
const overLimit = (text: string) => ({
  kind: 'cannot_succeed',
  failure: { code: 'LIMIT_EXCEEDED', message: expect.stringContaining(text) },
});
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

let content: ContentStore;
let kernel: ScriptedKernel;
let work: KernelJobWork;
let driver: JobDriver;

beforeEach(async () => {
  content = new ContentStore(
    { folder: join(scratchFolder(), 'artifacts'), maxBytes: UPLOAD_LIMIT, maxProofBytes: PROOF_LIMIT },
    new SystemRandom(),
  );
  kernel = new ScriptedKernel();
  kernel.segments = 1;
  work = new KernelJobWork(kernel, content);
  const [program, input] = [await content.putBytes(ELF), await content.putBytes(INPUT)];
  driver = new JobDriver({ program: program.sha256 as Sha256, input: input.sha256 as Sha256, segmentCycles: 512 });
  driver.apply({ kind: 'start_planning' });
});

afterAll(cleanUp);

/** Plans the job and brings it to where its challenge is due. @returns its segments, the boundary first */
async function challenging(): Promise<number[]> {
  const planned = await work.plan(driver.job);
  if (planned.kind !== 'planned') throw new Error(planned.kind);
  driver.apply(planned);
  const segments = Array.from({ length: kernel.segments + 1 }, (_, segment) => segment);
  const made = await kernel.contribute({ elf: ELF, input: INPUT, segmentCycles: 512, segments });
  const contributing = driver.assignment(
    'anna',
    segments.map((segment) => `contribute/${segment}`),
  );
  for (const { segment, commitment } of made) {
    driver.commitment('anna', contributing, segment, hex(commitment) as Commitment);
  }
  return segments;
}

/** Plans the job and brings it, with real bytes in the store, to where its final proof is due. */
async function aggregating(): Promise<void> {
  const segments = await challenging();
  driver.apply({ kind: 'challenge_derived', attempt: 1 as Attempt, ...(await work.challenge(driver.job)) });
  const keys = segments.map((segment) => `prove/1/${segment}`);
  const proving = driver.assignment('anna', keys);
  for (const [segment, key] of keys.entries()) {
    const artifact = await proofOf(segment);
    const report = driver.header('anna', proving, key);
    const result = await work.check(driver.job, report.task, artifact);
    if (result.kind === 'missing') throw new Error('the proof was stored');
    driver.apply({ kind: 'report_proof', report, artifact });
    driver.apply({ kind: 'proof_checked', report, result });
  }
  expect(driver.run.stage).toBe('AGGREGATING');
}

async function proofOf(segment: number): Promise<ArtifactRef> {
  const { plan, contribute } = driver.run;
  const statement: Statement = { ...plan, cycles: BigInt(plan.cycles), output: Buffer.from(plan.output, 'hex') };
  const commitments = Buffer.from([...contribute].map((_task, index) => commitmentText(index)).join(''), 'hex');
  const { proof } = await kernel.prove({ elf: ELF, input: INPUT, segmentCycles: 512, statement, commitments, segment });
  return (await content.putBytes(proof)) as ArtifactRef;
}

function commitmentText(segment: number): string {
  const slot = driver.run.commitments.at(segment);
  return slot?.kind === 'claimed' ? slot.commitment : '';
}

const FINAL = { kind: 'aggregate', attempt: 1 as Attempt } as const;

describe('planning', () => {
  it('finds the kernel warm where the program was known before, whatever it does without an input', async () => {
    const halt = kernel.plan$;
    kernel.plan$ = () => {
      throw new KernelError('guest_failed', 'no input');
    };
    await work.warmUp(driver.job.request.program);
    kernel.plan$ = halt;
    await expect(work.plan(driver.job)).resolves.toMatchObject({ kind: 'planned' });
    expect(kernel.calls).toHaveLength(2);
  });

  it('runs the program on its input with the segments asked for, and names what proofs will be checked against', async () => {
    const { vkDigest, programDigest } = await kernel.setup(ELF);
    await expect(work.plan(driver.job)).resolves.toMatchObject({
      kind: 'planned',
      plan: { vkDigest, programDigest, segments: 1, cycles: 1000, exitCode: 0 },
    });
    expect(kernel.calls).toEqual(['plan measure 512']);
  });

  it('fails the job of a guest that ends with another exit code than 0', async () => {
    kernel.plan$ = (request) => kernel.halts(request, { exitCode: 3 });
    await expect(work.plan(driver.job)).resolves.toEqual({
      kind: 'guest_failed',
      reason: expect.stringContaining('exit code 3'),
    });
  });

  it('fails the job of a run that no proof can hold, with the limit', async () => {
    kernel.plan$ = (request) => kernel.halts(request, { segments: MAX_SEGMENTS + 1 });
    await expect(work.plan(driver.job)).resolves.toEqual(overLimit('use longer segments'));
    kernel.plan$ = () => {
      throw new KernelError('limit_exceeded', 'the run needs 9 words of memory, at most 8 can be proven');
    };
    await expect(work.plan(driver.job)).rejects.toMatchObject({
      name: 'HopelessWork',
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('at most 8 can be proven'),
    });
  });

  it('[case: proof-limit] fails the job whose final proof would be too large, before work begins', async () => {
    const proofBytes = (bytes: bigint) => (request: PlanRequest) => ({ ...kernel.halts(request), proofBytes: bytes });
    kernel.plan$ = proofBytes(BigInt(PROOF_LIMIT));
    await expect(work.plan(driver.job)).resolves.toMatchObject({ kind: 'planned' });
    kernel.plan$ = proofBytes(BigInt(PROOF_LIMIT) + 1n);
    await expect(work.plan(driver.job)).resolves.toEqual(overLimit('DISTRIBUTED_LIMIT_PROOF'));
  });

  it('[case: proof-limit] is the only thing that the limit of uploads does not hold back', async () => {
    const [small, large] = [Buffer.alloc(UPLOAD_LIMIT, 1), Buffer.alloc(UPLOAD_LIMIT + 1, 2)];
    await expect(content.putBytes(small)).resolves.toMatchObject({ size: UPLOAD_LIMIT });
    await expect(content.putBytes(large)).rejects.toMatchObject({ code: 'too_large' });
    await expect(content.putBytes(large, 'proof')).resolves.toMatchObject({ size: UPLOAD_LIMIT + 1 });
    await expect(content.putBytes(Buffer.alloc(PROOF_LIMIT + 1), 'proof')).rejects.toMatchObject({
      message: expect.stringContaining('DISTRIBUTED_LIMIT_PROOF'),
    });
  });

  it('fails the job of a program that is none, whichever call finds out first', async () => {
    kernel.setup = () => Promise.reject(new KernelError('invalid_elf', 'no ELF magic'));
    await expect(work.plan(driver.job)).resolves.toEqual({ kind: 'guest_failed', reason: 'no ELF magic' });
    kernel.plan$ = () => {
      throw new KernelError('invalid_elf', 'no ELF magic');
    };
    await expect(work.plan(driver.job)).resolves.toEqual({ kind: 'guest_failed', reason: 'no ELF magic' });
  });

  it.each(['program', 'input'] as const)('[case: file-deleted] says that the %s is gone, and which', async (name) => {
    const digest = 'f'.repeat(64);
    const gone = new JobDriver({ ...driver.job.request, [name]: digest as Sha256 });
    gone.apply({ kind: 'start_planning' });
    await expect(work.lostArtifact(driver.job)).resolves.toBeNull();
    await expect(work.lostArtifact(gone.job)).resolves.toContain(`the ${name} is lost: there is no artifact ${digest}`);
    await expect(work.plan(gone.job)).rejects.toMatchObject({
      name: 'HopelessWork',
      code: 'ARTIFACT_LOST',
      message: expect.stringContaining(`the ${name} is lost: there is no artifact ${digest}`),
    });
  });

  it('[case: file-deleted] sees bytes that have changed on the disk', async () => {
    const { input } = driver.job.request;
    writeFileSync(content.pathOf(input), 'an inPut');
    await expect(work.lostArtifact(driver.job)).resolves.toContain(
      `the input is lost: the stored bytes of ${input} have another digest`,
    );
  });

  it('waits while no file can be opened: nothing is lost for that, nor anybody’s fault', async () => {
    await aggregating();
    const [proof] = driver.run.proofs;
    content.read = () => Promise.reject(new ContentError('no_handles', 'no more files can be opened', 'ulimit -n'));
    const notNow = { name: 'DomainError', code: 'SYSTEM_UNAVAILABLE', hint: 'ulimit -n' };
    await expect(work.plan(driver.job)).rejects.toMatchObject(notNow);
    await expect(work.recompute(driver.job, 1 as Segment)).rejects.toMatchObject(notNow);
    await expect(work.aggregateLocally(driver.job)).rejects.toMatchObject(notNow);
    const task = parseTaskKey('prove/1/0');
    await expect(work.check(driver.job, task, defined(proof).artifact)).rejects.toMatchObject(notNow);
    await expect(work.lostArtifact(driver.job)).resolves.toBeNull();
  });
});

describe('the commitments that a challenge is derived from', () => {
  it('go with each assignment while they are few', async () => {
    kernel.segments = 127;
    await challenging();
    await expect(work.challenge(driver.job)).resolves.toMatchObject({ commitmentList: null });
  });

  it('become an artifact where they are many', async () => {
    kernel.segments = 128;
    const segments = await challenging();
    const { commitmentList } = await work.challenge(driver.job);
    const expected = segments.map(commitmentText).join('');
    expect(commitmentList?.size).toBe(129 * 32);
    expect(hex(await content.read(commitmentList?.sha256 ?? ''))).toBe(expected);
  });
});

describe('a proof made by the coordinator itself', () => {
  it('[case: proof-limit] that is too large to be kept can never be', async () => {
    await aggregating();
    kernel.prove = () => Promise.resolve({ proof: Buffer.alloc(PROOF_LIMIT + 1), logHeights: [] });
    await expect(work.prove(driver.job, 1 as Segment)).rejects.toMatchObject({
      name: 'HopelessWork',
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining(`allowed: at most ${PROOF_LIMIT} (DISTRIBUTED_LIMIT_PROOF)`),
    });
  });

  it('is the one a prover would make; under a wrong commitment there is none', async () => {
    await aggregating();
    await expect(work.prove(driver.job, 1 as Segment)).resolves.toEqual(driver.run.proofs.at(1)?.artifact);
    const refusal = new KernelError('invalid_request', 'not its commitment', {
      field: "the segment's commitment",
      got: '00',
    });
    kernel.prove = () => Promise.reject(refusal);
    await expect(work.prove(driver.job, 1 as Segment)).resolves.toBeNull();
  });

  it('that the kernel refuses is refused everywhere', async () => {
    await aggregating();
    kernel.prove = () => Promise.reject(new KernelError('internal', 'impossible'));
    await expect(work.prove(driver.job, 1 as Segment)).rejects.toMatchObject({ code: 'KERNEL_FAILED' });
    kernel.prove = () => Promise.reject(new KernelError('worker_lost', 'killed'));
    await expect(work.prove(driver.job, 1 as Segment)).rejects.toMatchObject({ code: 'worker_lost' });
  });
});

describe('the final proof', () => {
  it('counts only where the stored bytes are read again, and are the ones that were aggregated', async () => {
    await aggregating();
    work.precompute(driver.job);
    const made = await work.aggregateLocally(driver.job);
    if (made.kind !== 'aggregated_locally') throw new Error(made.kind);
    const { final } = made;
    writeFileSync(content.pathOf(final.sha256), Buffer.alloc(final.size));
    await expect(work.check(driver.job, FINAL, final)).resolves.toEqual({ kind: 'missing' });
    await work.aggregateLocally(driver.job);
    writeFileSync(content.pathOf(final.sha256), Buffer.alloc(final.size));
    await expect(work.aggregateLocally(driver.job)).resolves.toEqual(made);
    await expect(content.isWhole(final)).resolves.toBe(true);
  });

  it('has the size that its file has, whatever its prover says', async () => {
    await aggregating();
    const { sha256, size } = await proofOf(1);
    const task = { kind: 'prove', attempt: 1 as Attempt, segment: 1 as Segment } as const;
    const checked = await work.check(driver.job, task, { sha256, size: size + 1 });
    expect(checked).toEqual({ kind: 'verified', artifact: { sha256, size } });
  });

  it('is taken without another verification where it is what aggregating the proofs here gives', async () => {
    await aggregating();
    work.precompute(driver.job);
    const aggregated = await work.aggregateLocally(driver.job);
    if (aggregated.kind !== 'aggregated_locally') throw new Error(aggregated.kind);
    await expect(work.check(driver.job, FINAL, aggregated.final)).resolves.toMatchObject({ kind: 'verified' });
    expect(kernel.calls).not.toContain('verify');
  });

  it('is not taken where its bytes are gone, although aggregating the proofs here gave the same', async () => {
    await aggregating();
    work.precompute(driver.job);
    const aggregated = await work.aggregateLocally(driver.job);
    if (aggregated.kind !== 'aggregated_locally') throw new Error(aggregated.kind);
    await content.remove(aggregated.final.sha256);
    await expect(work.check(driver.job, FINAL, aggregated.final)).resolves.toEqual({ kind: 'missing' });
  });

  it('is verified in full where it is anything else', async () => {
    await aggregating();
    work.precompute(driver.job);
    const other = (await content.putBytes(Buffer.alloc(64, 7))) as ArtifactRef;
    await expect(work.check(driver.job, FINAL, other)).resolves.toMatchObject({
      kind: 'refused',
      reason: 'the proof is of another program',
    });
    expect(kernel.calls).toContain('verify');
  });

  it('is verified in full by a coordinator that did not aggregate the proofs, and against the plan', async () => {
    await aggregating();
    const aggregated = await work.aggregateLocally(driver.job);
    if (aggregated.kind !== 'aggregated_locally') throw new Error(aggregated.kind);
    // The scripted kernel's final proof names no input, so its run is another than the planned one.
    await expect(work.check(driver.job, FINAL, aggregated.final)).resolves.toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('another run'),
    });
  });

  it('is aggregated without verifying again the proofs that were verified when they were reported', async () => {
    await aggregating();
    await work.aggregateLocally(driver.job);
    expect(kernel.calls.at(-1)).toBe('aggregate 2');
  });

  it('is not aggregated of a proof that was damaged on the disk after it was verified: that one is lost', async () => {
    await aggregating();
    const damaged = driver.run.proofs.at(1)?.artifact.sha256 ?? '';
    writeFileSync(content.pathOf(damaged), 'other bytes');
    await expect(work.aggregateLocally(driver.job)).resolves.toEqual({ kind: 'proof_lost', attempt: 1, segment: 1 });
    expect(kernel.calls).not.toContain('aggregate 2');
  });

  it('cannot be aggregated of proofs that do not fit together', async () => {
    await aggregating();
    kernel.aggregate = () =>
      Promise.reject(new KernelError('verification_failed', 'the cross-segment sum is not zero'));
    await expect(work.aggregateLocally(driver.job)).resolves.toEqual({ kind: 'unbalanced' });
  });

  it('cannot be aggregated where a verified proof is gone, and says which', async () => {
    await aggregating();
    const lost = driver.run.proofs.at(1)?.artifact.sha256 ?? '';
    await content.remove(lost);
    await expect(work.aggregateLocally(driver.job)).resolves.toEqual({ kind: 'proof_lost', attempt: 1, segment: 1 });
  });
});

describe('a proof over which the verifier stops', () => {
  const SEGMENT = { kind: 'prove', attempt: 1 as Attempt, segment: 1 as Segment } as const;
  let stop: (proof: Uint8Array) => KernelError | null;
  let reported: ArtifactRef;

  beforeEach(async () => {
    await aggregating();
    reported = (await content.putBytes(Buffer.from('a trap'))) as ArtifactRef;
    const [verifySegment, verify] = [kernel.verifySegment.bind(kernel), kernel.verify.bind(kernel)];
    kernel.verifySegment = async (request) => {
      const stopped = stop(request.proof);
      if (stopped) throw stopped;
      return verifySegment(request);
    };
    kernel.verify = async (request) => {
      const stopped = stop(request.proof);
      if (stopped) throw stopped;
      return verify(request);
    };
  });

  const overIt = (code: KernelErrorCode) => (proof: Uint8Array) =>
    proof.length > 0 ? new KernelError(code, 'unreachable executed') : null;

  describe.each([
    ['of a segment', SEGMENT],
    ['that is final', FINAL],
  ])('%s', (_what, task) => {
    it.each(['trapped', 'internal', 'protocol', 'invalid_request', 'limit_exceeded'] as const)(
      'again and again (%s) is refused, where other bytes are judged',
      async (code) => {
        stop = overIt(code);
        await expect(work.check(driver.job, task, reported)).resolves.toEqual({
          kind: 'refused',
          reason: `the verifier stops over it: ${code}: unreachable executed`,
        });
      },
    );

    it('once is judged by the second try', async () => {
      let tries = 0;
      stop = () => ((tries += 1) === 1 ? new KernelError('trapped', 'once') : null);
      await expect(work.check(driver.job, task, reported)).resolves.toMatchObject({
        kind: 'refused',
        reason: expect.not.stringContaining('stops'),
      });
    });

    it('is not to blame where the verifier stops over anything', async () => {
      stop = () => new KernelError('trapped', 'it is broken');
      await expect(work.check(driver.job, task, reported)).rejects.toMatchObject({ code: 'trapped' });
    });

    it.each(['out_of_memory', 'worker_lost', 'timeout', 'queue_full', 'closed', 'unavailable'] as const)(
      'is not to blame for what is the host’s (%s)',
      async (code) => {
        stop = overIt(code);
        await expect(work.check(driver.job, task, reported)).rejects.toMatchObject({ code });
      },
    );
  });
});
