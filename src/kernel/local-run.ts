import { SEGMENT_CYCLES } from '../domain/job/segment-limits.js';
import type { KernelService } from './kernel.service.js';
import type { ExecutionLimits, PlanResult } from './kernel.types.js';
import { LocalProver, type LocalProgress, type LocalProof } from './local-prover.js';

/** What a run may use that its own user started, unless told otherwise. */
export const LOCAL_LIMITS: ExecutionLimits = {
  maxCycles: 2n ** 28n,
  maxMemoryBytes: 2 ** 31,
  maxOutputBytes: 2 ** 20,
};

/** A program and what it is to be run on. */
export interface LocalRun {
  /** The ELF. */
  readonly program: Uint8Array;
  /** The private input. Default: empty. */
  readonly input?: Uint8Array;
  /** Most instructions in one segment, 256 to 262,143. Default: 262,143. */
  readonly segmentCycles?: number;
  /** Where given in part, the rest is as in {@link LOCAL_LIMITS}. */
  readonly limits?: Partial<ExecutionLimits>;
}

export interface LocalRunOptions {
  /** Ends the run: the promise rejects with `KernelError`, code `aborted`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LocalProgress) => void;
}

/**
 * Runs a program once, without proving. A guest that fails is a result.
 * @throws KernelError
 */
export function execute(kernel: KernelService, run: LocalRun, { signal }: LocalRunOptions = {}): Promise<PlanResult> {
  return kernel.plan({ ...withDefaults(run), purpose: 'execute' }, { ...(signal && { signal }) });
}

/**
 * Proves a program's run on all of the kernel's threads, and verifies the proof.
 * @throws GuestFailedError, GuestExitError where the guest does not end well
 * @throws KernelError
 */
export function proveLocally(
  kernel: KernelService,
  run: LocalRun,
  { signal = new AbortController().signal, onProgress = () => undefined }: LocalRunOptions = {},
): Promise<LocalProof> {
  const request = { ...withDefaults(run), threads: kernel.usage().threads };
  return new LocalProver(kernel, request, { signal, onProgress, nowMs: () => performance.now() }).prove();
}

function withDefaults({ program, input, segmentCycles, limits }: LocalRun) {
  return {
    elf: program,
    input: input ?? new Uint8Array(),
    segmentCycles: segmentCycles ?? SEGMENT_CYCLES.default,
    limits: { ...LOCAL_LIMITS, ...limits },
  };
}
