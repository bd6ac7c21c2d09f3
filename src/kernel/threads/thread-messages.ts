import type { KernelErrorCode, KernelErrorDetails } from '../kernel.error.js';
import type { KernelPhase } from '../kernel.types.js';

/** What a kernel thread is started with. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
}

/** Host -> thread. A thread has one call at a time. */
export interface ThreadCall {
  readonly type: 'call';
  readonly request: Uint8Array;
}

/** Thread -> host. */
export type ThreadReport =
  | { readonly type: 'progress'; readonly phase: KernelPhase; readonly fraction: number; readonly atMs: number }
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'result'; readonly response: Uint8Array; readonly memoryBytes: number }
  /** The instance is unusable from here on; the host ends the thread. */
  | {
      readonly type: 'failed';
      readonly code: KernelErrorCode;
      readonly message: string;
      readonly details: KernelErrorDetails;
    };
