// What applications import as `@proofloom/kernel`.
export { MAX_SEGMENTS, SEGMENT_CYCLES } from '../domain/job/segment-limits.js';
export { GuestExitError, GuestFailedError } from './guest.error.js';
export { KernelError, type KernelErrorCode, type KernelErrorDetails } from './kernel.error.js';
export { Kernel, type KernelCallOptions } from './kernel.js';
export { KernelService, type KernelServiceOptions } from './kernel.service.js';
export type * from './kernel.types.js';
export { BOUNDARY_SEGMENT, GUEST_FAILURE_CODES } from './kernel.types.js';
export type { LocalProgress, LocalProof, Phase } from './local-prover.js';
export { execute, LOCAL_LIMITS, proveLocally, type LocalRun, type LocalRunOptions } from './local-run.js';
export type { PoolUsage } from './threads/kernel-pool.js';
