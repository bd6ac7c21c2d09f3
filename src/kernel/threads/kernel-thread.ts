import { Worker } from 'node:worker_threads';
import { errorCode } from '../../lifecycle/system-error.js';
import { KernelError } from '../kernel.error.js';
import type { KernelProgress } from '../kernel.types.js';
import type { ThreadCall, ThreadReport, ThreadStart } from './thread-messages.js';

export interface ThreadOptions {
  readonly module: WebAssembly.Module;
  /** The built entry file. */
  readonly entry: URL;
  readonly onLog: (line: string) => void;
  readonly release: MemoryRelease;
}

/** WebAssembly memory only grows: a thread that has more than so much, and no call for so long, is ended for it. */
export interface MemoryRelease {
  readonly overBytes: number;
  readonly afterMs: number;
}

interface RunningCall {
  readonly resolve: (response: Uint8Array) => void;
  readonly reject: (error: KernelError) => void;
  readonly onProgress: ((progress: KernelProgress) => void) | undefined;
}

/** A worker thread with one kernel instance. It takes one call at a time, and once ended it is not used again. */
export class KernelThread {
  /** Linear memory after the last call, in bytes. */
  memoryBytes = 0;
  private readonly worker: Worker;
  private call: RunningCall | undefined;
  private ended = false;
  private releaseTimer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ThreadOptions) {
    const workerData: ThreadStart = { module: options.module };
    this.worker = new Worker(options.entry, { workerData });
    // An idle thread does not keep the process alive.
    this.worker.unref();
    this.worker.on('message', (message: ThreadReport) => this.take(message));
    this.worker.on('error', (error) => this.end(lost(error)));
    this.worker.on('exit', (code) => this.end(new KernelError('worker_lost', `the kernel thread ended with ${code}`)));
  }

  get alive(): boolean {
    return !this.ended;
  }

  /** Runs a request; its buffer is handed over to the thread and must not be used again. */
  run(request: Uint8Array, onProgress?: (progress: KernelProgress) => void): Promise<Uint8Array> {
    clearTimeout(this.releaseTimer);
    return new Promise((resolve, reject) => {
      this.call = { resolve, reject, onProgress };
      this.worker.ref();
      const message: ThreadCall = { type: 'call', request };
      this.worker.postMessage(message, [request.buffer as ArrayBuffer]);
    });
  }

  /** Ends the thread at once, whatever it does; its call rejects with `reason`. */
  end(reason: KernelError): void {
    if (this.ended) return;
    this.ended = true;
    this.memoryBytes = 0;
    clearTimeout(this.releaseTimer);
    this.settle()?.reject(reason);
    void this.worker.terminate();
  }

  private take(message: ThreadReport): void {
    switch (message.type) {
      case 'progress':
        this.call?.onProgress?.({ phase: message.phase, fraction: message.fraction, atMs: message.atMs });
        return;
      case 'log':
        this.options.onLog(message.line);
        return;
      case 'result':
        this.memoryBytes = message.memoryBytes;
        this.releaseLater();
        this.settle()?.resolve(message.response);
        return;
      case 'failed':
        this.end(new KernelError(message.code, message.message, message.details));
    }
  }

  private releaseLater(): void {
    const { overBytes, afterMs } = this.options.release;
    if (this.memoryBytes <= overBytes) return;
    const idle = new KernelError('worker_lost', 'the kernel thread was ended, as it had nothing to do');
    this.releaseTimer = setTimeout(() => this.end(idle), afterMs).unref();
  }

  private settle(): RunningCall | undefined {
    const { call } = this;
    this.call = undefined;
    this.worker.unref();
    return call;
  }
}

function lost(error: unknown): KernelError {
  const isMemory = errorCode(error) === 'ERR_WORKER_OUT_OF_MEMORY';
  return new KernelError(isMemory ? 'out_of_memory' : 'worker_lost', `the kernel thread failed: ${String(error)}`);
}
