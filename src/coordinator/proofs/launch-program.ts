import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { PRODUCT_ROOT } from '../../config/product.js';
import { Settings } from '../../config/settings.js';
import { ContentError } from '../../content/content.error.js';
import { ContentStore } from '../../content/content-store.js';
import { SHA256_PATTERN, type Sha256 } from '../../domain/ids.js';
import { errorMessage, isOutOfHandles } from '../../lifecycle/system-error.js';
import { JobWork } from '../jobs/job-work.js';
import { noHandles } from '../transport/content-refusal.js';
import { AdminError } from '../transport/error-response.js';

const BUNDLED = join(PRODUCT_ROOT, 'guests', 'elf', 'headers.elf');

/** The program as it is now: its digest, and its bytes where it is a file. */
export interface FoundProgram {
  readonly sha256: Sha256;
  readonly bytes: Uint8Array | null;
}

/** The configured program: the one that LaunchProof proves, and that third-party workers have. */
@Injectable()
export class LaunchProgram {
  private readonly log = new Logger(LaunchProgram.name);
  private found: Sha256 | null = null;

  constructor(
    private readonly settings: Settings,
    private readonly content: ContentStore,
    private readonly work: JobWork,
  ) {}

  /** Its digest when it was last looked at; null where it could not be read then. */
  get known(): Sha256 | null {
    return this.found;
  }

  /**
   * The first job does not wait for what can be known before; the coordinator's start does not wait for that either.
   * A program that cannot be warmed up is told to those who ask for it.
   */
  async warmUp(): Promise<void> {
    try {
      const { sha256, bytes } = await this.find();
      if (bytes) await this.content.putBytes(bytes);
      await this.work.warmUp(sha256);
      this.log.log({ message: 'program warmed up', program: sha256 });
    } catch (error) {
      this.log.debug({ message: 'the configured program is not warmed up', reason: errorMessage(error) });
    }
  }

  /** A file is read anew each time, so that an operator may replace it. @throws AdminError PROGRAM_NOT_FOUND */
  async find(): Promise<FoundProgram> {
    const program = await this.look().catch((error: unknown) => {
      this.found = null;
      throw error;
    });
    this.found = program.sha256;
    return program;
  }

  private async look(): Promise<FoundProgram> {
    const { program = BUNDLED } = this.settings.launch;
    try {
      if (!SHA256_PATTERN.test(program)) return fromBytes(await readFile(program));
      if ((await this.content.size(program)) !== null) return { sha256: program as Sha256, bytes: null };
    } catch (error) {
      if (error instanceof ContentError) throw error;
      if (isOutOfHandles(error)) throw noHandles(error);
      throw new AdminError('PROGRAM_NOT_FOUND', `the configured program cannot be read: ${errorMessage(error)}`);
    }
    throw new AdminError('PROGRAM_NOT_FOUND', `the configured program ${program} was not uploaded to this coordinator`);
  }
}

function fromBytes(bytes: Uint8Array): FoundProgram {
  return { sha256: createHash('sha256').update(bytes).digest('hex') as Sha256, bytes };
}
