import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContentStore } from '../../src/content/content-store.js';
import { KernelJobWork } from '../../src/coordinator/kernel-work/kernel-job-work.js';
import type { Leaf, Round, Sha256 } from '../../src/domain/ids.js';
import type { ArtifactRef } from '../../src/domain/job/job-state.js';
import { KernelError } from '../../src/kernel/kernel.error.js';
import { MAX_SEGMENTS, type Statement } from '../../src/kernel/kernel.types.js';
import { SystemRandom } from '../../src/lifecycle/random.js';
import { JobDriver } from '../domain/job-driver.js';
import { cleanUp, scratchFolder } from '../support/program.js';
import { ScriptedKernel } from '../support/scripted-kernel.js';

const ELF = Buffer.from('a program');
const INPUT = Buffer.from('an input');
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

let content: ContentStore;
let kernel: ScriptedKernel;
let work: KernelJobWork;
let driver: JobDriver;

beforeEach(async () => {
  content = new ContentStore({ folder: join(scratchFolder(), 'artifacts'), maxBytes: 1 << 20 }, new SystemRandom());
  kernel = new ScriptedKernel();
  kernel.segments = 1;
  work = new KernelJobWork(kernel, content);
  const [program, input] = [await content.putBytes(ELF), await content.putBytes(INPUT)];
  driver = new JobDriver({ program: program.sha256 as Sha256, input: input.sha256 as Sha256, segmentCycles: 512 });
  driver.apply({ kind: 'start_planning' });
});

afterAll(cleanUp);

/** Plans the job and brings it, with real bytes in the store, to where its final proof is due. */
async function aggregating(): Promise<void> {
  const planned = await work.plan(driver.job);
  if (planned.kind !== 'planned') throw new Error(planned.reason);
  driver.apply(planned);
  const segments = [0, 1];
  const made = await kernel.contribute({ elf: ELF, input: INPUT, segmentCycles: 512, segments });
  const contributing = driver.grant(
    'anna',
    segments.map((segment) => `contribute/${segment}`),
  );
  for (const { segment, leaf } of made) driver.leaf('anna', contributing, segment, hex(leaf) as Leaf);
  const challenge = await work.challenge(driver.job);
  driver.apply({ kind: 'challenge_derived', round: 1 as Round, challenge });
  const keys = segments.map((segment) => `prove/1/${segment}`);
  const proving = driver.grant('anna', keys);
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
  const leaves = contribute.map((_task, index) => Buffer.from(leafText(index), 'hex'));
  const { proof } = await kernel.prove({ elf: ELF, input: INPUT, segmentCycles: 512, statement, leaves, segment });
  return (await content.putBytes(proof)) as ArtifactRef;
}

function leafText(segment: number): string {
  const slot = driver.run.leaves[segment];
  return slot?.kind === 'claimed' ? slot.leaf : '';
}

const FINAL = { kind: 'aggregate', round: 1 as Round } as const;

describe('planning', () => {
  it('finds the kernel warm where the program was known before, whatever it does without an input', async () => {
    const halt = kernel.plan$;
    kernel.plan$ = () => {
      throw new KernelError('guest_failed', 'no input');
    };
    await work.prepare(driver.job.request.program);
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
    expect(kernel.calls).toEqual(['plan execute 512']);
  });

  it.each([
    ['ends with another exit code than 0', { exitCode: 3 }, 'exit code 3'],
    ['has more segments than a proof holds', { segments: MAX_SEGMENTS + 1 }, 'use longer segments'],
  ])('fails the job of a guest that %s', async (_what, change, reason) => {
    kernel.plan$ = (request) => kernel.halts(request, change);
    await expect(work.plan(driver.job)).resolves.toEqual({
      kind: 'guest_failed',
      reason: expect.stringContaining(reason),
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

  it('is not done where the input is gone: that is tried again later', async () => {
    const gone = new JobDriver({ ...driver.job.request, input: 'f'.repeat(64) as Sha256 });
    await expect(work.plan(gone.job)).rejects.toThrow('f'.repeat(64));
  });
});

describe('the final proof', () => {
  it('is taken without another verification where it is what joining the proofs here gives', async () => {
    await aggregating();
    work.anticipate(driver.job);
    const joined = await work.combine(driver.job);
    if (joined.kind !== 'combined') throw new Error(joined.kind);
    await expect(work.check(driver.job, FINAL, joined.final)).resolves.toMatchObject({ kind: 'verified' });
    expect(kernel.calls).not.toContain('verify');
  });

  it('is not taken where its bytes are gone, although joining the proofs here gave the same', async () => {
    await aggregating();
    work.anticipate(driver.job);
    const joined = await work.combine(driver.job);
    if (joined.kind !== 'combined') throw new Error(joined.kind);
    await content.remove(joined.final.sha256);
    await expect(work.check(driver.job, FINAL, joined.final)).resolves.toEqual({ kind: 'missing' });
  });

  it('is verified in full where it is anything else', async () => {
    await aggregating();
    work.anticipate(driver.job);
    const foreign = (await content.putBytes(Buffer.alloc(64, 7))) as ArtifactRef;
    await expect(work.check(driver.job, FINAL, foreign)).resolves.toMatchObject({
      kind: 'refused',
      reason: 'the proof is of another program',
    });
    expect(kernel.calls).toContain('verify');
  });

  it('is verified in full by a coordinator that did not join the proofs, and against the plan', async () => {
    await aggregating();
    const joined = await work.combine(driver.job);
    if (joined.kind !== 'combined') throw new Error(joined.kind);
    // The scripted kernel's final proof names no input, so its run is another than the planned one.
    await expect(work.check(driver.job, FINAL, joined.final)).resolves.toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('another run'),
    });
  });

  it('is joined without verifying again the proofs that were verified when they were reported', async () => {
    await aggregating();
    await work.combine(driver.job);
    expect(kernel.calls.at(-1)).toBe('aggregate 2');
  });

  it('is not joined of a proof that was damaged on the disk after it was verified: that one is lost', async () => {
    await aggregating();
    const damaged = driver.run.proofs[1]?.artifact.sha256 ?? '';
    writeFileSync(content.pathOf(damaged), 'other bytes');
    await expect(work.combine(driver.job)).resolves.toEqual({ kind: 'proof_lost', round: 1, segment: 1 });
    expect(kernel.calls).not.toContain('aggregate 2');
  });

  it('cannot be joined of proofs that do not fit together', async () => {
    await aggregating();
    kernel.aggregate = () =>
      Promise.reject(new KernelError('verification_failed', 'the cross-segment sum is not zero'));
    await expect(work.combine(driver.job)).resolves.toEqual({ kind: 'unbalanced' });
  });

  it('cannot be joined where a verified proof is gone, and says which', async () => {
    await aggregating();
    const lost = driver.run.proofs[1]?.artifact.sha256 ?? '';
    await content.remove(lost);
    await expect(work.combine(driver.job)).resolves.toEqual({ kind: 'proof_lost', round: 1, segment: 1 });
  });
});
