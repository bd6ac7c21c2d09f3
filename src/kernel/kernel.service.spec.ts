import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fakeKernelBinary, KERNEL_THREAD_ENTRY } from '../../test/support/fake-kernel.js';
import { eventually } from '../../test/support/calls.js';
import { cleanUp, scratchFolder } from '../../test/support/program.js';
import type { KernelError } from './kernel.error.js';
import { KernelService, type KernelServiceOptions } from './kernel.service.js';
import type { AggregateRequest, KernelProgress, PlanRequest, Statement } from './kernel.types.js';

const ELF = new Uint8Array(10);
const PROOF = { proof: new Uint8Array(3), expected: { elf: ELF } };
const PLAN: PlanRequest = {
  elf: ELF,
  input: new Uint8Array(),
  segmentCycles: 256,
  purpose: 'execute',
  limits: { maxCycles: 1n, maxMemoryBytes: 1, maxOutputBytes: 1 },
};
const STATEMENT: Statement = {
  programDigest: '',
  vkDigest: '',
  exitCode: 0,
  cycles: 1n,
  segments: 1,
  output: new Uint8Array(),
};
const COMMITMENTS = new Uint8Array(64);
const AGGREGATE: AggregateRequest = { statement: STATEMENT, commitments: COMMITMENTS, vk: ELF, proofs: [], verifyProofs: true };

describe('KernelService', () => {
  let binaryPath: string;
  let kernel: KernelService;
  const logged: string[] = [];

  const start = (options: Partial<KernelServiceOptions> = {}) => {
    kernel = new KernelService({
      threads: 1,
      binaryPath,
      threadEntry: KERNEL_THREAD_ENTRY,
      onLog: (line) => void logged.push(line),
      ...options,
    });
    return kernel;
  };

  const failureOf = (call: Promise<unknown>): Promise<KernelError> =>
    call.then(
      () => Promise.reject(new Error('the call did not fail')),
      (error: KernelError) => error,
    );

  beforeAll(async () => {
    binaryPath = await fakeKernelBinary();
  });

  beforeEach(() => {
    logged.length = 0;
  });

  afterEach(() => kernel.close());
  afterAll(cleanUp);

  it('carries a call into the kernel and its answer back, with the digest of the binary', async () => {
    const info = await start().info();
    expect(info).toMatchObject({ version: '1.2.3', proofParameters: 'fake', securityBits: 100.5 });
    expect(info.binaryDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(kernel.usage()).toEqual({ threads: 1, busy: 0, waiting: 0, memoryBytes: 4 * 65_536 });
  });

  it('gives back the memory of a thread that has nothing to do, and serves the next call', async () => {
    start({ release: { overBytes: 4 * 65_536 - 1, afterMs: 20 } });
    await kernel.info();
    await eventually(() => kernel.usage().memoryBytes === 0 || undefined);
    await expect(kernel.info()).resolves.toMatchObject({ version: '1.2.3' });
    expect(kernel.usage()).toMatchObject({ busy: 0, memoryBytes: 4 * 65_536 });
  });

  it('serves calls on the threads it started with its application', async () => {
    start({ threads: 2 }).onApplicationBootstrap();
    const answers = await Promise.all([kernel.info(), kernel.info(), kernel.info()]);
    expect(answers).toHaveLength(3);
    expect(kernel.usage()).toMatchObject({ threads: 2, busy: 0, memoryBytes: 2 * 4 * 65_536 });
  });

  it('started with its application, tells the calls of a binary that is not there', async () => {
    start({ binaryPath: '/nowhere/kernel.wasm' }).onApplicationBootstrap();
    await expect(failureOf(kernel.info())).resolves.toMatchObject({ code: 'unavailable' });
  });

  it("passes on the kernel's own refusals, with their details, and keeps the instance", async () => {
    const progress: KernelProgress[] = [];
    start();
    const error = await failureOf(kernel.verify(PROOF, { onProgress: (step) => progress.push(step) }));
    expect(error).toMatchObject({ name: 'KernelError', code: 'verification_failed', message: 'segment 2 starts elsewhere' });
    expect(error.details).toEqual({ rule: 'pc', expected: 4, got: 8 });
    expect(progress).toEqual([
      { phase: 'verify', fraction: 0, atMs: expect.any(Number) },
      { phase: 'verify', fraction: 1, atMs: expect.any(Number) },
    ]);
  });

  it('turns a trap into an error with the last words of the kernel, and serves the next call', async () => {
    start();
    await expect(failureOf(kernel.plan(PLAN))).resolves.toMatchObject({
      code: 'trapped',
      message: "the kernel stopped itself: panicked at 'index out of bounds'",
    });
    expect(logged).toEqual(["panicked at 'index out of bounds'"]);
    await expect(kernel.info()).resolves.toMatchObject({ proofParameters: 'fake' });
  });

  it('tells exhausted memory from other traps, inside the kernel and for the request itself', async () => {
    start();
    await expect(failureOf(kernel.aggregate(AGGREGATE))).resolves.toMatchObject({ code: 'out_of_memory' });
    const tooLarge = kernel.setup(new Uint8Array(300_000));
    await expect(failureOf(tooLarge)).resolves.toMatchObject({ code: 'out_of_memory' });
    await expect(kernel.info()).resolves.toMatchObject({ proofParameters: 'fake' });
  });

  it('refuses an answer outside the memory of the instance', async () => {
    const error = await failureOf(start().contribute({ ...PLAN, segments: [1] }));
    expect(error).toMatchObject({ code: 'protocol' });
    await expect(kernel.info()).resolves.toMatchObject({ proofParameters: 'fake' });
  });

  it('ends a call that hangs when its signal fires, at once, and serves the next call', async () => {
    start();
    const controller = new AbortController();
    const hanging = failureOf(kernel.setup(ELF, { signal: controller.signal }));
    await expect(kernelIs(kernel, { busy: 1 })).resolves.toBe(true);
    controller.abort();
    await expect(hanging).resolves.toMatchObject({ code: 'aborted' });
    await expect(kernel.info()).resolves.toMatchObject({ proofParameters: 'fake' });
  });

  it('ends a call that is over its time', async () => {
    await expect(failureOf(start().setup(ELF, { timeoutMs: 50 }))).resolves.toMatchObject({ code: 'timeout' });
  });

  it('does not start a call whose signal has fired', async () => {
    const error = await failureOf(start().setup(ELF, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'aborted' });
    expect(kernel.usage().busy).toBe(0);
  });

  it('lets a bounded number of calls wait, and a waiting call be cancelled', async () => {
    start({ maxWaiting: 1 });
    const running = new AbortController();
    const waiting = new AbortController();
    const first = failureOf(kernel.setup(ELF, { signal: running.signal }));
    await expect(kernelIs(kernel, { busy: 1 })).resolves.toBe(true);
    const second = failureOf(kernel.info({ signal: waiting.signal }));
    await expect(kernelIs(kernel, { waiting: 1 })).resolves.toBe(true);
    await expect(failureOf(kernel.info())).resolves.toMatchObject({ code: 'queue_full', details: { maxWaiting: 1 } });
    waiting.abort();
    await expect(second).resolves.toMatchObject({ code: 'aborted' });
    const third = kernel.info();
    running.abort();
    await expect(first).resolves.toMatchObject({ code: 'aborted' });
    await expect(third).resolves.toMatchObject({ proofParameters: 'fake' });
  });

  it('runs as many calls at once as it has threads', async () => {
    start({ threads: 2 });
    const calls = [1, 2, 3].map(() => failureOf(kernel.setup(ELF)));
    await expect(kernelIs(kernel, { busy: 2, waiting: 1 })).resolves.toBe(true);
    kernel.close();
    const codes = (await Promise.all(calls)).map(({ code }) => code);
    expect(codes).toEqual(['closed', 'closed', 'closed']);
    await expect(failureOf(kernel.info())).resolves.toMatchObject({ code: 'closed' });
  });

  it('refuses commitments that do not fit the statement before it starts a thread', async () => {
    start();
    for (const length of [32, 63, 65, 96]) {
      const wrong = kernel.challenge({ statement: STATEMENT, commitments: new Uint8Array(length) });
      await expect(failureOf(wrong)).resolves.toMatchObject({
        code: 'invalid_request',
        message: `the commitments have ${length} bytes; allowed: 64: 2 commitments (the boundary's and one per segment) of 32`,
      });
    }
    expect(kernel.usage().busy).toBe(0);
  });

  it('says which binary is missing or is no kernel', async () => {
    const missing = start({ binaryPath: '/nowhere/kernel.wasm' });
    await expect(failureOf(missing.info())).resolves.toMatchObject({ code: 'unavailable' });
    const noise = join(scratchFolder(), 'noise.wasm');
    writeFileSync(noise, 'noise');
    const error = await failureOf(start({ binaryPath: noise }).info());
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(error.message).toContain('is no WebAssembly module');
  });

  it('says that a thread which cannot start was lost', async () => {
    const threadEntry = new URL('file:///nowhere/kernel.worker.js');
    await expect(failureOf(start({ threadEntry }).info())).resolves.toMatchObject({ code: 'worker_lost' });
  });
});

/** Waits until the service is as busy as described. */
async function kernelIs(kernel: KernelService, expected: { busy?: number; waiting?: number }): Promise<boolean> {
  const deadline = performance.now() + 5000;
  while (performance.now() < deadline) {
    const usage = kernel.usage();
    if ((expected.busy ?? usage.busy) === usage.busy && (expected.waiting ?? usage.waiting) === usage.waiting) return true;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return false;
}
