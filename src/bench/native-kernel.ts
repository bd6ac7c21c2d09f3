import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { PRODUCT_ROOT } from '../config/product.js';
import { KernelClient } from '../kernel/kernel-client.js';
import { KernelError } from '../kernel/kernel.error.js';
import type { KernelCallOptions } from '../kernel/kernel.js';
import { FrameReader, requestFrame, type Frame } from './frames.js';

/** Names the native kernel where it is not at its place in the build. */
export const NATIVE_KERNEL_VARIABLE = 'PROOFLOOM_NATIVE_KERNEL';

/** Where kernel/build-native.sh puts it, and where `cargo test --release` does, without the processor's vectors. */
const BUILT_PATHS = ['target-native', 'target'].map((folder) =>
  join(PRODUCT_ROOT, 'kernel', folder, 'release', 'examples', 'native_bench'),
);
const NANOSECONDS_PER_MS = 1e6;
const KIB = 1024;

/**
 * The native kernel's file, or undefined where none is built.
 * @throws KernelError `unavailable` where the variable names a file that is not there
 */
export function findNativeKernel(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const named = environment[NATIVE_KERNEL_VARIABLE];
  if (!named) return BUILT_PATHS.find((path) => existsSync(path));
  if (existsSync(named)) return named;
  throw new KernelError('unavailable', `${NATIVE_KERNEL_VARIABLE} names ${named}, which is not there`);
}

interface PendingCall {
  readonly resolve: (response: Uint8Array) => void;
  readonly reject: (error: KernelError) => void;
  readonly options: KernelCallOptions;
}

/** The native kernel as a child process that answers one request after another, on one thread. */
export class NativeKernel extends KernelClient {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly reader = new FrameReader();
  private pending: PendingCall | undefined;
  private ended: KernelError | undefined;

  constructor(
    private readonly path: string,
    private readonly onLog: (line: string) => void,
  ) {
    super();
    this.child = spawn(path, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child.stdout.on('data', (piece: Buffer) => this.read(piece));
    // A broken pipe also ends the process, which says why.
    this.child.stdin.on('error', () => undefined);
    this.child.on('error', (cause) => this.end(lost(`${path} cannot be started: ${cause.message}`)));
    this.child.on('exit', (code, signal) => this.end(lost(`the native kernel ended with ${signal ?? code}`)));
  }

  /** CPU time of the process so far in milliseconds, where the system tells. */
  cpuMs(): number | undefined {
    const nanoseconds = this.processFile('schedstat')?.split(' ', 1)[0];
    return nanoseconds === undefined ? undefined : Number(nanoseconds) / NANOSECONDS_PER_MS;
  }

  /** Most memory the process ever held in bytes, where the system tells. */
  peakBytes(): number | undefined {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(this.processFile('status') ?? '')?.[1];
    return kib === undefined ? undefined : Number(kib) * KIB;
  }

  close(): void {
    this.end(new KernelError('closed', 'the native kernel is stopping'));
  }

  protected override send(request: Uint8Array, options: KernelCallOptions = {}): Promise<Uint8Array> {
    if (this.ended) return Promise.reject(this.ended);
    if (options.signal?.aborted) return Promise.reject(aborted());
    if (this.pending) {
      return Promise.reject(new KernelError('queue_full', 'the native kernel takes one call at a time'));
    }
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    this.pending = { resolve, reject, options };
    const abort = () => this.end(aborted());
    options.signal?.addEventListener('abort', abort, { once: true });
    this.child.stdin.write(requestFrame(request));
    return promise.finally(() => options.signal?.removeEventListener('abort', abort));
  }

  protected override async binaryDigest(): Promise<string> {
    return createHash('sha256')
      .update(await readFile(this.path))
      .digest('hex');
  }

  private read(piece: Buffer): void {
    try {
      for (const frame of this.reader.push(piece)) this.take(frame);
    } catch (error) {
      this.end(error as KernelError);
    }
  }

  private take(frame: Frame): void {
    switch (frame.kind) {
      case 'log':
        return this.onLog(frame.line);
      case 'progress':
        return this.pending?.options.onProgress?.(frame.progress);
      case 'response':
        return this.settle()?.resolve(frame.bytes);
    }
  }

  private end(reason: KernelError): void {
    if (this.ended) return;
    this.ended = reason;
    this.settle()?.reject(reason);
    this.child.kill();
  }

  private settle(): PendingCall | undefined {
    const { pending } = this;
    this.pending = undefined;
    return pending;
  }

  /** A file of Linux about the process; undefined on other systems. */
  private processFile(name: string): string | undefined {
    try {
      return readFileSync(`/proc/${this.child.pid}/${name}`, 'utf8');
    } catch {
      return undefined;
    }
  }
}

function aborted(): KernelError {
  return new KernelError('aborted', 'the kernel call was cancelled');
}

function lost(why: string): KernelError {
  return new KernelError('worker_lost', why);
}
