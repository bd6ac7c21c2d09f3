import { writeFileSync } from 'node:fs';
import type { ContentStore } from '../../src/content/content-store.js';
import type { KernelJobWork } from '../../src/coordinator/kernel-work/kernel-job-work.js';
import type { Sha256 } from '../../src/domain/ids.js';
import { KernelError } from '../../src/kernel/kernel.error.js';
import { MAX_SEGMENTS } from '../../src/domain/job/segment-limits.js';
import type { PlanRequest, PlanResult } from '../../src/kernel/kernel.types.js';
import { JobDriver } from '../domain/job-driver.js';
import { cleanUp } from '../support/program.js';
import type { ScriptedKernel } from '../support/scripted-kernel.js';
import { ELF, kernelWork, PROOF_LIMIT, UPLOAD_LIMIT, WHOLE_RUN } from './kernel-work-kit.js';

const overLimit = (text: string) => ({
  kind: 'cannot_succeed',
  failure: { code: 'LIMIT_EXCEEDED', message: expect.stringContaining(text) },
});

let content: ContentStore;
let kernel: ScriptedKernel;
let work: KernelJobWork;
let driver: JobDriver;

beforeEach(async () => {
  ({ content, kernel, work, driver } = await kernelWork());
});

afterAll(cleanUp);

describe('planning', () => {
  it('finds the kernel warm where the program was known before, whatever it does without an input', async () => {
    const halt = kernel.plan$;
    kernel.plan$ = () => {
      throw new KernelError('guest_failed', 'no input');
    };
    await work.warmUp(driver.job.request.program);
    kernel.plan$ = halt;
    await expect(work.plan(driver.job, WHOLE_RUN)).resolves.toMatchObject({ kind: 'planned' });
    expect(kernel.calls).toHaveLength(2);
  });

  it('runs the program on its input with the segments asked for, and names what proofs will be checked against', async () => {
    const { vkDigest, programDigest } = await kernel.setup(ELF);
    await expect(work.plan(driver.job, WHOLE_RUN)).resolves.toMatchObject({
      kind: 'planned',
      plan: { vkDigest, programDigest, segments: 1, cycles: 1000, exitCode: 0 },
    });
    expect(kernel.calls).toEqual(['plan measure 512']);
  });

  it('fails the job of a guest that ends with another exit code than 0', async () => {
    kernel.plan$ = (request) => kernel.halts(request, { exitCode: 3 });
    await expect(work.plan(driver.job, WHOLE_RUN)).resolves.toEqual({
      kind: 'guest_failed',
      reason: expect.stringContaining('exit code 3'),
    });
  });

  it('leaves a program that runs for longer than this run may to another, up to the limit of the job', async () => {
    const cut: PlanResult = {
      outcome: 'failed',
      failure: { code: 'CYCLE_LIMIT', message: 'the limit is reached', pc: 0n, cycles: 100n },
    };
    const limits: bigint[] = [];
    kernel.plan$ = (request) => {
      limits.push(request.limits.maxCycles);
      return cut;
    };
    const { maxCycles } = driver.job.request.limits;
    const plan = (cycles: number) => work.plan(driver.job, { ...WHOLE_RUN, maxCycles: cycles });
    await expect(plan(maxCycles - 1)).resolves.toEqual({ kind: 'unfinished' });
    await expect(plan(maxCycles)).resolves.toEqual({ kind: 'guest_failed', reason: 'the limit is reached' });
    await expect(plan(2 * maxCycles)).resolves.toMatchObject({ kind: 'guest_failed' });
    expect(limits).toEqual([maxCycles - 1, maxCycles, maxCycles].map(BigInt));
  });

  it('fails the job of a program that takes longer than a plan may, and says which setting that is', async () => {
    kernel.plan$ = () => {
      throw new KernelError('timeout', 'the kernel call took longer than 60000 ms and was ended');
    };
    await expect(work.plan(driver.job, WHOLE_RUN)).rejects.toMatchObject({
      name: 'HopelessWork',
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('DISTRIBUTED_PLANNING_TIMEOUT'),
    });
  });

  it('fails the job of a run that no proof can hold, with the limit', async () => {
    kernel.plan$ = (request) => kernel.halts(request, { segments: MAX_SEGMENTS + 1 });
    await expect(work.plan(driver.job, WHOLE_RUN)).resolves.toEqual(overLimit('use longer segments'));
    kernel.plan$ = () => {
      throw new KernelError('limit_exceeded', 'the run needs 9 words of memory, at most 8 can be proven');
    };
    await expect(work.plan(driver.job, WHOLE_RUN)).rejects.toMatchObject({
      name: 'HopelessWork',
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('at most 8 can be proven'),
    });
  });

  it('[case: proof-limit] fails the job whose final proof would be too large, before work begins', async () => {
    const proofBytes = (bytes: bigint) => (request: PlanRequest) => ({ ...kernel.halts(request), proofBytes: bytes });
    kernel.plan$ = proofBytes(BigInt(PROOF_LIMIT));
    await expect(work.plan(driver.job, WHOLE_RUN)).resolves.toMatchObject({ kind: 'planned' });
    kernel.plan$ = proofBytes(BigInt(PROOF_LIMIT) + 1n);
    await expect(work.plan(driver.job, WHOLE_RUN)).resolves.toEqual(overLimit('DISTRIBUTED_LIMIT_PROOF'));
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
    await expect(work.plan(driver.job, WHOLE_RUN)).resolves.toEqual({ kind: 'guest_failed', reason: 'no ELF magic' });
    kernel.plan$ = () => {
      throw new KernelError('invalid_elf', 'no ELF magic');
    };
    await expect(work.plan(driver.job, WHOLE_RUN)).resolves.toEqual({ kind: 'guest_failed', reason: 'no ELF magic' });
  });

  it.each(['program', 'input'] as const)('[case: file-deleted] says that the %s is gone, and which', async (name) => {
    const digest = 'f'.repeat(64);
    const gone = new JobDriver({ ...driver.job.request, [name]: digest as Sha256 });
    gone.apply({ kind: 'start_planning' });
    await expect(work.lostArtifact(driver.job)).resolves.toBeNull();
    await expect(work.lostArtifact(gone.job)).resolves.toContain(`the ${name} is lost: there is no artifact ${digest}`);
    await expect(work.plan(gone.job, WHOLE_RUN)).rejects.toMatchObject({
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
});
