import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, scratchFolder } from '../../test/support/program.js';
import { encodeMessage } from '../kernel/abi/message.js';
import type { KernelError } from '../kernel/kernel.error.js';
import { findNativeKernel, NativeKernel } from './native-kernel.js';

const INFO = {
  ok: true,
  version: '1.2.3',
  proofParameters: 'fake',
  proofFormat: 1,
  tablesRevision: 1,
  sourceDigest: 'ab',
  minSegmentCycles: 1,
  maxSegmentCycles: 9,
  securityBits: 100.5,
};

/** Answers every request with a log line and the same response, in two pieces; ends with its input. */
const ANSWERING = `
const response = Buffer.from('${Buffer.from(encodeMessage(INFO, [])).toString('hex')}', 'hex');
const frame = (kind, content) => {
  const head = Buffer.alloc(5);
  head.writeUInt8(kind, 0);
  head.writeUInt32LE(content.length, 1);
  return Buffer.concat([head, content]);
};
process.stdin.on('data', () => {
  const out = Buffer.concat([frame(1, Buffer.from('part open: 2.0 ms')), frame(0, response)]);
  process.stdout.write(out.subarray(0, 40), () => setTimeout(() => process.stdout.write(out.subarray(40)), 5));
});`;

describe('NativeKernel', () => {
  const logged: string[] = [];
  let kernel: NativeKernel;

  function start(body: string): NativeKernel {
    const path = join(scratchFolder(), 'kernel.cjs');
    writeFileSync(path, `#!${process.execPath}\n${body}`);
    chmodSync(path, 0o755);
    kernel = new NativeKernel(path, (line) => void logged.push(line));
    return kernel;
  }

  const failureOf = (call: Promise<unknown>): Promise<KernelError> =>
    call.then(
      () => Promise.reject(new Error('the call did not fail')),
      (error: KernelError) => error,
    );

  afterEach(() => kernel.close());
  afterAll(cleanUp);

  it('carries calls to the process and back, one after another, with its log', async () => {
    start(ANSWERING);
    await expect(kernel.info()).resolves.toMatchObject({
      version: '1.2.3',
      binaryDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await expect(kernel.info()).resolves.toMatchObject({ proofParameters: 'fake' });
    expect(logged).toEqual(['part open: 2.0 ms', 'part open: 2.0 ms']);
  });

  it('says that a process was lost which cannot start, or which ends', async () => {
    kernel = new NativeKernel('/nowhere/native_bench', () => undefined);
    await expect(failureOf(kernel.info())).resolves.toMatchObject({ code: 'worker_lost' });
    const error = await failureOf(start('process.exit(3)').info());
    expect(error).toMatchObject({ code: 'worker_lost', message: 'the native kernel ended with 3' });
    await expect(failureOf(kernel.info())).resolves.toBe(error);
  });

  it('ends the process when its call is cancelled, and takes one call at a time', async () => {
    start('process.stdin.resume()');
    const interrupt = new AbortController();
    const hanging = failureOf(kernel.info({ signal: interrupt.signal }));
    await expect(failureOf(kernel.info())).resolves.toMatchObject({ code: 'queue_full' });
    interrupt.abort();
    await expect(hanging).resolves.toMatchObject({ code: 'aborted' });
  });

  it('ends a process that writes something else', async () => {
    const error = await failureOf(
      start(`process.stdin.once('data', () => process.stdout.write('hello world'))`).tables(),
    );
    expect(error.code).toBe('protocol');
  });
});

describe('findNativeKernel', () => {
  it('takes the named file, and refuses a name without one', () => {
    expect(findNativeKernel({ PROOFLOOM_NATIVE_KERNEL: process.execPath })).toBe(process.execPath);
    expect(() => findNativeKernel({ PROOFLOOM_NATIVE_KERNEL: '/nowhere/kernel' })).toThrow('names /nowhere/kernel');
  });
});
