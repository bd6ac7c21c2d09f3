// What `@proofloom/verifier` is in a page.
import { KernelError } from '../kernel/kernel.error.js';
import type { VerifiedProof } from '../kernel/kernel.types.js';
import { Verifier, type Expectation } from './verifier.js';

export { KernelError, type KernelErrorCode, type KernelErrorDetails } from '../kernel/kernel.error.js';
export type { Statement, VerifiedProof } from '../kernel/kernel.types.js';
export { Verifier, type Expectation } from './verifier.js';

// Bundlers find the file by exactly this expression.
const KERNEL = new URL('../../kernel/dist/proofloom_kernel.wasm', import.meta.url);

async function fetchKernel(): Promise<ArrayBuffer> {
  const hint = 'serve the file, or give its bytes: new Verifier(async () => bytes)';
  const response = await fetch(KERNEL).catch((cause: unknown) => {
    throw new KernelError('unavailable', `${KERNEL.href} cannot be fetched; ${hint}`, {}, { cause });
  });
  if (response.ok) return response.arrayBuffer();
  throw new KernelError('unavailable', `${KERNEL.href} cannot be fetched (${response.status}); ${hint}`);
}

const verifier = new Verifier(fetchKernel);

/** {@link Verifier.verify} with the kernel of this package. */
export function verify(proof: Uint8Array, expected: Expectation): Promise<VerifiedProof> {
  return verifier.verify(proof, expected);
}
