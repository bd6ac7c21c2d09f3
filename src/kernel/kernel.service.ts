import { loadKernelBinary, type KernelBinary } from './kernel-binary.js';
import { KernelClient } from './kernel-client.js';
import type { KernelCallOptions } from './kernel.js';
import { KernelPool, type PoolUsage } from './threads/kernel-pool.js';
import type { MemoryRelease, ThreadOptions } from './threads/kernel-thread.js';

export interface KernelServiceOptions {
  /** Calls that run at once. */
  readonly threads: number;
  /** Calls that may wait; more are refused with `queue_full`. Default: 1024. */
  readonly maxWaiting?: number;
  /** Path of the kernel's binary. Default: the one of this package. */
  readonly binaryPath?: string;
  /** Built entry file of the threads. Default: the one beside this file. */
  readonly threadEntry?: URL;
  /** When threads without a call give back their memory. Default: over 256 MiB, after 10 s: what the first calls need stays. */
  readonly release?: MemoryRelease;
  /** Takes the kernel's lines of diagnosis. Default: dropped. */
  readonly onLog?: (line: string) => void;
}

const DEFAULT_MAX_WAITING = 1024;
const DEFAULT_RELEASE: MemoryRelease = { overBytes: 256 * 2 ** 20, afterMs: 10_000 };

/** The kernel on worker threads, each with a WebAssembly instance of its own. */
export class KernelService extends KernelClient {
  private readonly pool: KernelPool;
  private loaded: Promise<KernelBinary> | undefined;

  constructor(private readonly options: KernelServiceOptions) {
    super();
    const { threads, maxWaiting = DEFAULT_MAX_WAITING } = options;
    this.pool = new KernelPool({ threads, maxWaiting }, () => this.threadOptions());
  }

  /** How busy the threads are and what memory they hold. */
  usage(): PoolUsage {
    return this.pool.usage();
  }

  /** Ends all threads; running calls reject with `closed`. */
  close(): void {
    this.pool.close();
  }

  /** Nest's hook: the first calls find their threads started. What keeps one from starting is told by the calls. */
  onApplicationBootstrap(): void {
    this.pool.start().catch(() => undefined);
  }

  /** Nest's hook: the service ends with its application. */
  onApplicationShutdown(): void {
    this.close();
  }

  protected override send(request: Uint8Array, options?: KernelCallOptions): Promise<Uint8Array> {
    return this.pool.run(request, options);
  }

  protected override async binaryDigest(): Promise<string> {
    return (await this.binary()).digest;
  }

  /**
   * The compiled kernel and its digest.
   * @throws KernelError `unavailable`
   * @internal
   */
  binary(): Promise<KernelBinary> {
    this.loaded ??= loadKernelBinary(this.options.binaryPath);
    return this.loaded;
  }

  private async threadOptions(): Promise<ThreadOptions> {
    const { module } = await this.binary();
    const { threadEntry, onLog, release = DEFAULT_RELEASE } = this.options;
    const entry = threadEntry ?? new URL('./threads/kernel.worker.js', import.meta.url);
    return { module, entry, onLog: onLog ?? (() => undefined), release };
  }
}
