import { KernelInstance } from '../kernel/abi/instance.js';
import { readVerified, verifyRequest } from '../kernel/abi/verify.js';
import { KernelError } from '../kernel/kernel.error.js';
import type { VerifiedProof } from '../kernel/kernel.types.js';
import { errorMessage } from '../lifecycle/system-error.js';
import { checkExpectation, checkProof } from './arguments.js';

/** What is known of the program beforehand: its ELF, or the digest of its verifying key in hexadecimal digits. */
export type Expectation = { readonly program: Uint8Array } | { readonly vkDigest: string };

const UNHEARD = { progress: () => undefined, log: () => undefined };

/** Verifies final proofs in the thread that calls, some 50 ms a segment. */
export class Verifier {
  private module: Promise<WebAssembly.Module> | undefined;
  private instance: KernelInstance | undefined;

  /** @param load reads the kernel's WebAssembly; called for the first proof, and again after it has failed */
  constructor(private readonly load: () => Promise<Uint8Array | ArrayBuffer>) {}

  /**
   * Says what a proof proves. It is for the caller to look at exit code and output: that a program failed can be proven.
   * @throws KernelError; its `isRejection` tells a proof that does not hold from one that could not be judged
   * @throws TypeError where an argument is wrong
   */
  async verify(proof: Uint8Array, expected: Expectation): Promise<VerifiedProof> {
    checkProof(proof);
    const request = verifyRequest(proof, checkExpectation(expected));
    const module = await (this.module ??= this.compile());
    this.instance ??= KernelInstance.create(module, UNHEARD);
    return readVerified(this.answer(this.instance, request));
  }

  private async compile(): Promise<WebAssembly.Module> {
    try {
      return await WebAssembly.compile((await this.load()) as ArrayBuffer);
    } catch (error) {
      this.module = undefined;
      if (error instanceof KernelError) throw error;
      const message = `the kernel's binary cannot be loaded: ${errorMessage(error)}; install the package again`;
      throw new KernelError('unavailable', message, {}, { cause: error });
    }
  }

  private answer(instance: KernelInstance, request: Uint8Array): Uint8Array {
    try {
      return instance.call(request);
    } catch (error) {
      // One that has trapped is of no more use.
      this.instance = undefined;
      throw error;
    }
  }
}
