/**
 * Why a kernel call did not return.
 *
 * Said by the kernel itself:
 * - `invalid_request`: an argument breaks the contract of the call (a bug of the caller or an over-long value)
 * - `invalid_elf`: not a static little-endian RV64 ELF that the memory map admits
 * - `unproven_instruction`: the program executes an instruction that no table proves
 * - `guest_failed`: the guest trapped, hit a limit or its run differs from the statement
 * - `limit_exceeded`: the run is over a limit of the proof system (details `limit`, `value`, `allowed`)
 * - `invalid_proof`: bytes that are no proof of this format
 * - `verification_failed`: a well-formed proof that does not hold
 * - `internal`: the kernel found itself in a state it takes for impossible
 *
 * Said by the host around it:
 * - `trapped`: the WebAssembly instance trapped; it was thrown away
 * - `out_of_memory`: the instance could not grow its memory; it was thrown away
 * - `aborted`, `timeout`: the caller's signal or time limit ended the call
 * - `queue_full`: more calls are waiting than the pool admits
 * - `worker_lost`: the thread ended without an answer
 * - `closed`: the service is stopping
 * - `unavailable`: the kernel's binary cannot be read or compiled
 * - `protocol`: the answer does not have the shape the ABI promises
 */
export const KERNEL_ERROR_CODES = [
  'invalid_request',
  'invalid_elf',
  'unproven_instruction',
  'guest_failed',
  'limit_exceeded',
  'invalid_proof',
  'verification_failed',
  'internal',
  'trapped',
  'out_of_memory',
  'aborted',
  'timeout',
  'queue_full',
  'worker_lost',
  'closed',
  'unavailable',
  'protocol',
] as const;

export type KernelErrorCode = (typeof KERNEL_ERROR_CODES)[number];

/** Named facts of an error (`pc`, `instruction`, `rule`, `expected`, `got`, ...), for machines and for `--json`. */
export type KernelErrorDetails = Readonly<Record<string, string | number | boolean>>;

/** The only error a kernel call rejects with. */
export class KernelError extends Error {
  override readonly name = 'KernelError';

  constructor(
    readonly code: KernelErrorCode,
    message: string,
    readonly details: KernelErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** The proof was judged and does not hold; with any other code it was not judged. */
  get isRejection(): boolean {
    return this.code === 'invalid_proof' || this.code === 'verification_failed';
  }
}

/** How the kernel names the field. */
const COMMITMENT_FIELD = "the segment's commitment";

/** The kernel refused to prove a segment because the challenge is bound to another commitment than it makes. */
export function isOtherCommitment(error: unknown): error is KernelError {
  return error instanceof KernelError && error.details['field'] === COMMITMENT_FIELD;
}

export function isKernelErrorCode(code: unknown): code is KernelErrorCode {
  return KERNEL_ERROR_CODES.includes(code as KernelErrorCode);
}
