// Entry of a kernel thread: one WebAssembly instance, one call at a time.
import { parentPort, workerData } from 'node:worker_threads';
import { KernelInstance } from '../abi/instance.js';
import { KernelError } from '../kernel.error.js';
import type { KernelPhase } from '../kernel.types.js';
import type { ThreadCall, ThreadReport, ThreadStart } from './thread-messages.js';

/** Progress between two reports is dropped, but for the start and the end of a phase. */
const PROGRESS_INTERVAL_MS = 100;

if (!parentPort) throw new Error('kernel.worker.js runs as a worker thread only');
const host = parentPort;

function report(message: ThreadReport, transfer: ArrayBuffer[] = []): void {
  host.postMessage(message, transfer);
}

let lastProgressMs = Number.NEGATIVE_INFINITY;

function reportProgress(phase: KernelPhase, done: number, total: number): void {
  const now = performance.now();
  if (done !== 0 && done < total && now - lastProgressMs < PROGRESS_INTERVAL_MS) return;
  lastProgressMs = now;
  report({ type: 'progress', phase, fraction: total === 0 ? 1 : Math.min(1, done / total), atMs: now });
}

function reportFailure(error: unknown): void {
  const { code, message, details } =
    error instanceof KernelError ? error : new KernelError('worker_lost', `the kernel thread failed: ${String(error)}`);
  report({ type: 'failed', code, message, details });
}

function answer({ request }: ThreadCall): void {
  try {
    instance ??= KernelInstance.create((workerData as ThreadStart).module, {
      progress: reportProgress,
      log: (line) => report({ type: 'log', line }),
    });
    const response = instance.call(request);
    report({ type: 'result', response, memoryBytes: instance.memoryBytes }, [response.buffer as ArrayBuffer]);
  } catch (error) {
    reportFailure(error);
  }
}

let instance: KernelInstance | undefined;
host.on('message', answer);
