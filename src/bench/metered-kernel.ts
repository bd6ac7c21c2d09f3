import { KernelService, type KernelServiceOptions } from '../kernel/kernel.service.js';
import type { Kernel } from '../kernel/kernel.js';
import { NativeKernel } from './native-kernel.js';
import { PartTimes } from './parts.js';

/** A kernel on one thread, with what a benchmark reads off it. One call at a time. */
export interface MeteredKernel {
  readonly kernel: Kernel;
  readonly parts: PartTimes;
  /** What it was built for, as it says itself. */
  readonly target: () => string;
  /** CPU time so far in milliseconds, where the system tells; only differences mean something. */
  readonly cpuMs: () => number | undefined;
  /** Most memory it ever held, in bytes, where the system tells. */
  readonly peakBytes: () => number | undefined;
  readonly close: () => void;
}

/** The native kernel's first line begins so. */
const TARGET_LINE = 'target ';
const MICROSECONDS_PER_MS = 1000;

/** The WebAssembly kernel in a thread of its own. */
export function wasmKernel(options: Pick<KernelServiceOptions, 'binaryPath' | 'threadEntry'> = {}): MeteredKernel {
  const parts = new PartTimes();
  const kernel = new KernelService({ ...options, threads: 1, onLog: (line) => parts.take(line) });
  return {
    kernel,
    parts,
    target: () => 'wasm32 with SIMD',
    // This process does nothing else while the kernel works.
    cpuMs: () => (process.cpuUsage().user + process.cpuUsage().system) / MICROSECONDS_PER_MS,
    // Linear memory never shrinks.
    peakBytes: () => kernel.usage().memoryBytes,
    close: () => kernel.close(),
  };
}

/** The native kernel in a process of its own. */
export function nativeKernel(path: string): MeteredKernel {
  const parts = new PartTimes();
  let target = 'unknown';
  const kernel = new NativeKernel(path, (line) => {
    if (line.startsWith(TARGET_LINE)) target = line.slice(TARGET_LINE.length);
    else parts.take(line);
  });
  return {
    kernel,
    parts,
    target: () => target,
    cpuMs: () => kernel.cpuMs(),
    peakBytes: () => kernel.peakBytes(),
    close: () => kernel.close(),
  };
}
