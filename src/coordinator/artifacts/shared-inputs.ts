import { resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { ContentError } from '../../content/content.error.js';
import { ContentStore } from '../../content/content-store.js';
import type { Sha256 } from '../../domain/ids.js';
import { Clock } from '../../lifecycle/clock.js';
import { Random } from '../../lifecycle/random.js';
import { errorMessage } from '../../lifecycle/system-error.js';

/** After a failure the folder is left alone for so long. */
const RETRY_MS = 10_000;

/**
 * Copies of inputs in a folder that provers of the published schema read: they know files only. The name of a copy is
 * the digest of its bytes, so nothing that a client named is ever sent to a prover.
 */
@Injectable()
export class SharedInputs {
  /** Null where no folder is configured. */
  readonly store: ContentStore | null;
  private failure: { readonly reason: string; readonly untilMs: number } | undefined;

  constructor(
    { launch, jobs }: Settings,
    private readonly content: ContentStore,
    private readonly clock: Clock,
    random: Random,
  ) {
    const { sharedInputDir } = launch;
    if (sharedInputDir === undefined) this.store = null;
    else this.store = new ContentStore({ folder: resolve(sharedInputDir), maxBytes: jobs.maxArtifactBytes }, random);
  }

  /** Why no input can be shared now; null where it can. */
  get problem(): string | null {
    if (!this.store) return 'DISTRIBUTED_SHARED_INPUT_DIR is not set';
    if (!this.failure || this.failure.untilMs <= this.clock.monotonicMs()) return null;
    return `inputs cannot be copied to DISTRIBUTED_SHARED_INPUT_DIR: ${this.failure.reason}`;
  }

  /** The path of an input's copy, made where it is missing or damaged. @throws Error where it cannot be made */
  async pathOf(input: Sha256): Promise<string> {
    if (!this.store) throw new Error('DISTRIBUTED_SHARED_INPUT_DIR is not set');
    try {
      if (!(await isWhole(this.store, input))) await this.store.putBytes(await this.content.read(input));
      return this.store.pathOf(input);
    } catch (error) {
      this.failure = { reason: errorMessage(error), untilMs: this.clock.monotonicMs() + RETRY_MS };
      throw error;
    }
  }
}

async function isWhole(store: ContentStore, input: Sha256): Promise<boolean> {
  try {
    await store.read(input);
    return true;
  } catch (error) {
    if (error instanceof ContentError) return false;
    throw error;
  }
}
