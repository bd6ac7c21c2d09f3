import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { KernelService } from '../../../kernel/kernel.service.js';
import { errorMessage } from '../../../lifecycle/system-error.js';

/** Which kernel this coordinator has, and whether a prover has the same. */
@Injectable()
export class KernelCheck implements OnApplicationBootstrap {
  private readonly log = new Logger('ProverGateway');
  private known = '';

  constructor(private readonly kernel: KernelService) {}

  /** SHA-256 of the kernel's binary; empty where it cannot be read. */
  get digest(): string {
    return this.known;
  }

  /** Why a prover of ours cannot work here: another kernel makes other proofs, so it could only do harm. */
  refusal(digest: string): string | null {
    const ours = this.known;
    if (ours === '' || digest === ours) return null;
    return `the prover's kernel is ${digest || 'unknown'} and the coordinator's is ${ours}: install the same version`;
  }

  async onApplicationBootstrap(): Promise<void> {
    try {
      this.known = (await this.kernel.binary()).digest;
    } catch (error) {
      this.log.error(`jobs cannot be proven: ${errorMessage(error)}`);
    }
  }
}
