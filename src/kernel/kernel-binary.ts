import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { KernelError } from './kernel.error.js';

/** Where the built kernel lies, seen from `src/kernel` and from a build of it alike. */
const KERNEL_BINARY = new URL('../../kernel/dist/proofloom_kernel.wasm', import.meta.url);

export interface KernelBinary {
  readonly module: WebAssembly.Module;
  /** SHA-256 of the file, lower-case hex: two programs with equal digests make equal proofs. */
  readonly digest: string;
}

/**
 * Reads and compiles the kernel.
 * @throws KernelError `unavailable`
 */
export async function loadKernelBinary(path: string = fileURLToPath(KERNEL_BINARY)): Promise<KernelBinary> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const hint = 'the package ships it; after a change of the kernel, run kernel/build-wasm.sh';
    throw new KernelError('unavailable', `the kernel's binary ${path} cannot be read; ${hint}`, {}, { cause });
  });
  const digest = createHash('sha256').update(bytes).digest('hex');
  try {
    return { module: await WebAssembly.compile(bytes), digest };
  } catch (cause) {
    throw new KernelError('unavailable', `the kernel's binary ${path} is no WebAssembly module`, { digest }, { cause });
  }
}
