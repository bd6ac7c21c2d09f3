import type { ContentStore } from '../../content/content-store.js';
import type { Sha256 } from '../../domain/ids.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { ProgramSetup } from '../../kernel/kernel.types.js';

/** Programs whose verifying keys are kept at hand. */
const KEPT = 64;

/** Verifying keys by program; each is derived once, as that takes the better part of a second. */
export class VerifyingKeys {
  private readonly known = new Map<Sha256, Promise<ProgramSetup>>();

  constructor(
    private readonly kernel: Kernel,
    private readonly content: ContentStore,
  ) {}

  of(program: Sha256): Promise<ProgramSetup> {
    const key = this.known.get(program) ?? this.derive(program);
    // Last used is last forgotten.
    this.known.delete(program);
    this.known.set(program, key);
    for (const oldest of [...this.known.keys()].slice(0, -KEPT)) this.known.delete(oldest);
    return key;
  }

  private async derive(program: Sha256): Promise<ProgramSetup> {
    try {
      return await this.kernel.setup(await this.content.read(program));
    } catch (error) {
      this.known.delete(program);
      throw error;
    }
  }
}
