import { KernelError } from '../kernel.error.js';
import type { KernelCallOptions } from '../kernel.js';
import { KernelThread, type ThreadOptions } from './kernel-thread.js';

export interface PoolOptions {
  /** Calls that run at once; threads start with the first call that needs them, if not before. */
  readonly threads: number;
  /** Calls that may wait; more are refused. */
  readonly maxWaiting: number;
}

export interface PoolUsage {
  readonly threads: number;
  readonly busy: number;
  readonly waiting: number;
  /** Linear memory of all live instances after their last calls, in bytes. */
  readonly memoryBytes: number;
}

interface PendingCall {
  readonly request: Uint8Array;
  readonly options: KernelCallOptions;
  readonly response: Promise<Uint8Array>;
  readonly resolve: (response: Uint8Array) => void;
  readonly reject: (error: KernelError) => void;
  /** Ends the call where it is: in the queue, later on its thread. */
  cancel: () => void;
}

/**
 * Runs requests on a fixed number of kernel threads, first come, first served. A thread that is lost, in whatever way,
 * costs only the call it ran; a new one takes its place with the next call.
 */
export class KernelPool {
  private readonly idle: KernelThread[] = [];
  private readonly busy = new Set<KernelThread>();
  private readonly waiting: PendingCall[] = [];
  private closed = false;

  constructor(
    private readonly options: PoolOptions,
    private readonly threadOptions: () => Promise<ThreadOptions>,
  ) {}

  usage(): PoolUsage {
    const live = [...this.idle, ...this.busy];
    const memoryBytes = live.reduce((sum, thread) => sum + thread.memoryBytes, 0);
    return { threads: this.options.threads, busy: this.busy.size, waiting: this.waiting.length, memoryBytes };
  }

  /** Starts all threads before a call needs them. */
  async start(): Promise<void> {
    const threadOptions = await this.threadOptions();
    while (!this.closed && this.idle.length + this.busy.size < this.options.threads) {
      this.idle.push(new KernelThread(threadOptions));
    }
  }

  /** Runs a request; its buffer is handed over and must not be used again. */
  async run(request: Uint8Array, options: KernelCallOptions = {}): Promise<Uint8Array> {
    const threadOptions = await this.threadOptions();
    if (this.closed) throw closing();
    if (options.signal?.aborted) throw aborted();
    if (this.isFull()) throw queueFull(this.options.maxWaiting);
    const { signal } = options;
    const call = this.enqueue(request, options);
    const cancel = () => call.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    this.pump(threadOptions);
    return call.response.finally(() => signal?.removeEventListener('abort', cancel));
  }

  /** Ends all threads; running and waiting calls reject with `closed`. */
  close(): void {
    this.closed = true;
    for (const call of this.waiting.splice(0)) call.reject(closing());
    for (const thread of [...this.idle.splice(0), ...this.busy]) thread.end(closing());
  }

  private isFull(): boolean {
    return this.busy.size >= this.options.threads && this.waiting.length >= this.options.maxWaiting;
  }

  private enqueue(request: Uint8Array, options: KernelCallOptions): PendingCall {
    const { response, ...settle } = pendingResponse();
    const call: PendingCall = { request, options, response, ...settle, cancel: () => this.abandon(call) };
    this.waiting.push(call);
    return call;
  }

  private pump(threadOptions: ThreadOptions): void {
    while (this.busy.size < this.options.threads) {
      const call = this.waiting.shift();
      if (!call) return;
      void this.serve(call, threadOptions);
    }
  }

  private async serve(call: PendingCall, threadOptions: ThreadOptions): Promise<void> {
    const thread = this.takeThread(threadOptions);
    const { timeoutMs, onProgress } = call.options;
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => thread.end(timedOut(timeoutMs)), timeoutMs);
    call.cancel = () => thread.end(aborted());
    try {
      call.resolve(await thread.run(call.request, onProgress));
    } catch (error) {
      call.reject(error as KernelError);
    } finally {
      clearTimeout(timer);
      this.busy.delete(thread);
      if (thread.alive) this.idle.push(thread);
      this.pump(threadOptions);
    }
  }

  private takeThread(threadOptions: ThreadOptions): KernelThread {
    let thread = this.idle.pop();
    while (thread && !thread.alive) thread = this.idle.pop();
    thread ??= new KernelThread(threadOptions);
    this.busy.add(thread);
    return thread;
  }

  private abandon(call: PendingCall): void {
    const index = this.waiting.indexOf(call);
    if (index < 0) return;
    this.waiting.splice(index, 1);
    call.reject(aborted());
  }
}

/** Promise.withResolvers, which Node has from 22 on. */
function pendingResponse(): Pick<PendingCall, 'response' | 'resolve' | 'reject'> {
  let settle: Pick<PendingCall, 'resolve' | 'reject'> | undefined;
  const response = new Promise<Uint8Array>((resolve, reject) => (settle = { resolve, reject }));
  if (!settle) throw new Error('a promise calls its executor at once');
  return { response, ...settle };
}

function aborted(): KernelError {
  return new KernelError('aborted', 'the kernel call was cancelled');
}

function timedOut(timeoutMs: number): KernelError {
  return new KernelError('timeout', `the kernel call took longer than ${timeoutMs} ms and was ended`, { timeoutMs });
}

function closing(): KernelError {
  return new KernelError('closed', 'the kernel service is stopping');
}

function queueFull(maxWaiting: number): KernelError {
  return new KernelError('queue_full', `${maxWaiting} kernel calls are waiting already; try again later`, { maxWaiting });
}
