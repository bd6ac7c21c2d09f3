import { errorMessage } from '../../lifecycle/system-error.js';
import { KernelError } from '../kernel.error.js';
import type { KernelPhase } from '../kernel.types.js';

interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly pl_alloc: (length: number) => number;
  readonly pl_free: (pointer: number, length: number) => void;
  readonly pl_call: (pointer: number, length: number) => bigint;
}

/** What the kernel tells its host while it runs. */
export interface KernelListener {
  progress(phase: KernelPhase, done: number, total: number): void;
  log(line: string): void;
}

const EXPORTS: Readonly<Record<keyof KernelExports, string>> = {
  memory: 'object',
  pl_alloc: 'function',
  pl_free: 'function',
  pl_call: 'function',
};

/** Phases by the numbers of the binary interface. */
const PHASES: readonly KernelPhase[] = ['setup', 'execute', 'contribute', 'prove', 'aggregate', 'verify'];

const POINTER_SHIFT = 32n;
const LENGTH_MASK = 0xffff_ffffn;

/** One WebAssembly instance of the kernel. After a call that threw it must not be used again. */
export class KernelInstance {
  private readonly exports: KernelExports;
  /** The kernel's last words: a panic logs its message before it traps. */
  private lastLine = '';

  private constructor(
    module: WebAssembly.Module,
    private readonly listener: KernelListener,
  ) {
    const instance = new WebAssembly.Instance(module, { env: this.imports() });
    this.exports = checkExports(instance.exports);
  }

  /** @throws KernelError `unavailable` where the module is no kernel of this interface */
  static create(module: WebAssembly.Module, listener: KernelListener): KernelInstance {
    try {
      return new KernelInstance(module, listener);
    } catch (error) {
      if (error instanceof KernelError) throw error;
      throw new KernelError('unavailable', `the kernel's binary cannot be started: ${String(error)}`);
    }
  }

  get memoryBytes(): number {
    return this.exports.memory.buffer.byteLength;
  }

  /**
   * Runs one request and returns a copy of the response.
   * @throws KernelError `trapped` or `out_of_memory`
   */
  call(request: Uint8Array): Uint8Array {
    this.lastLine = '';
    try {
      return this.run(request);
    } catch (error) {
      throw error instanceof KernelError ? error : this.trap(error);
    }
  }

  private run(request: Uint8Array): Uint8Array {
    const pointer = this.exports.pl_alloc(request.length) >>> 0;
    if (pointer === 0) throw outOfMemory(this.memoryBytes, `a request of ${request.length} bytes does not fit`);
    this.bytes(pointer, request.length).set(request);
    const packed = BigInt.asUintN(64, this.exports.pl_call(pointer, request.length));
    const [start, length] = [Number(packed >> POINTER_SHIFT), Number(packed & LENGTH_MASK)];
    const response = this.bytes(start, length).slice();
    this.exports.pl_free(start, length);
    this.exports.pl_free(pointer, request.length);
    return response;
  }

  private bytes(pointer: number, length: number): Uint8Array {
    if (pointer + length > this.memoryBytes) throw new KernelError('protocol', 'the kernel points outside its memory');
    return new Uint8Array(this.exports.memory.buffer, pointer, length);
  }

  private trap(error: unknown): KernelError {
    const reason = errorMessage(error);
    if (/memory allocation|out of memory/i.test(`${this.lastLine} ${reason}`)) {
      return outOfMemory(this.memoryBytes, this.lastLine || reason);
    }
    return new KernelError('trapped', `the kernel stopped itself: ${this.lastLine || reason}`, { reason });
  }

  private imports(): WebAssembly.ModuleImports {
    return {
      pl_progress: (phase: number, done: number, total: number) => {
        const name = PHASES[phase];
        if (name) this.listener.progress(name, done >>> 0, total >>> 0);
      },
      pl_log: (pointer: number, length: number) => {
        this.lastLine = new TextDecoder().decode(this.bytes(pointer >>> 0, length >>> 0));
        this.listener.log(this.lastLine);
      },
      pl_now: () => performance.now(),
    };
  }
}

function checkExports(exports: WebAssembly.Exports): KernelExports {
  for (const [name, type] of Object.entries(EXPORTS)) {
    if (typeof exports[name] !== type) throw new KernelError('unavailable', `the kernel's binary does not export ${name}`);
  }
  return exports as unknown as KernelExports;
}

function outOfMemory(memoryBytes: number, why: string): KernelError {
  const hint = 'use a smaller segment size or fewer threads';
  return new KernelError('out_of_memory', `the kernel ran out of memory (${why}); ${hint}`, { memoryBytes });
}
