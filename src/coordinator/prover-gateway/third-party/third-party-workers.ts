import { Injectable } from '@nestjs/common';
import { Settings } from '../../../config/settings.js';
import { ContentStore } from '../../../content/content-store.js';
import type { Sha256 } from '../../../domain/ids.js';
import type { ArtifactRef, JobState } from '../../../domain/job/job-state.js';
import { SharedInputs } from '../../artifacts/shared-inputs.js';
import { LaunchProgram } from '../../proofs/launch-program.js';

/**
 * What a prover that knows only the published schema can work on. It has the configured program and segment size from
 * its own configuration, and reads inputs from a folder that it shares with the coordinator.
 */
@Injectable()
export class ThirdPartyWorkers {
  private readonly segmentCycles: number;

  constructor(
    settings: Settings,
    private readonly program: LaunchProgram,
    private readonly inputs: SharedInputs,
    private readonly content: ContentStore,
  ) {
    this.segmentCycles = settings.jobs.segmentCycles;
  }

  /** Why such provers get no work of any job now; null where they may. */
  get problem(): string | null {
    const inputs = this.inputs.problem;
    const problem = inputs ?? (this.program.known === null ? 'the configured program cannot be read' : null);
    return problem && `knows only the published schema, and ${problem}`;
  }

  accepts({ request }: JobState): boolean {
    const isConfigured = request.program === this.program.known && request.segmentCycles === this.segmentCycles;
    return isConfigured && this.problem === null;
  }

  /** Where such provers find an input. @throws Error where it cannot be put there */
  inputPath(input: Sha256): Promise<string> {
    return this.inputs.pathOf(input);
  }

  /** Keeps a proof that came as values. @throws ContentError */
  async store(proof: Uint8Array): Promise<ArtifactRef> {
    const { sha256, size } = await this.content.putBytes(proof, 'proof');
    return { sha256: sha256 as Sha256, size };
  }

  /** @throws ContentError */
  read({ sha256 }: ArtifactRef): Promise<Uint8Array> {
    return this.content.read(sha256);
  }
}
