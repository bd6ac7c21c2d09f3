// What `@proofloom/verifier` is under Node.
import { readFile } from 'node:fs/promises';
import type { VerifiedProof } from '../kernel/kernel.types.js';
import { Verifier, type Expectation } from './verifier.js';

export { KernelError, type KernelErrorCode, type KernelErrorDetails } from '../kernel/kernel.error.js';
export type { Statement, VerifiedProof } from '../kernel/kernel.types.js';
export { Verifier, type Expectation } from './verifier.js';

const KERNEL = new URL('../../kernel/dist/proofloom_kernel.wasm', import.meta.url);

const verifier = new Verifier(() => readFile(KERNEL));

/** {@link Verifier.verify} with the kernel of this package. */
export function verify(proof: Uint8Array, expected: Expectation): Promise<VerifiedProof> {
  return verifier.verify(proof, expected);
}
