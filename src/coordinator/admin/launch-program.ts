import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PRODUCT_ROOT } from '../../config/product.js';
import { Settings } from '../../config/settings.js';
import { ContentStore } from '../../content/content-store.js';
import type { Sha256 } from '../../domain/ids.js';
import { errorMessage } from '../../lifecycle/system-error.js';
import { JobWork } from '../jobs/job-work.js';
import { AdminError } from '../../wire/admin/admin-error.js';

const BUNDLED = join(PRODUCT_ROOT, 'guests', 'elf', 'headers.elf');
const DIGEST = /^[0-9a-f]{64}$/;

/** The program that LaunchProof proves. */
@Injectable()
export class LaunchProgram implements OnApplicationBootstrap {
  constructor(
    private readonly settings: Settings,
    private readonly content: ContentStore,
    private readonly work: JobWork,
  ) {}

  /** The first job does not wait for what can be known before; a program that cannot be read is told to its callers. */
  onApplicationBootstrap(): void {
    this.digest().then(
      (program) => this.work.prepare(program),
      () => undefined,
    );
  }

  /** Its digest; a file is read anew each time, so that an operator may replace it. @throws AdminError PROGRAM_NOT_FOUND */
  async digest(): Promise<Sha256> {
    const { program = BUNDLED } = this.settings.launch;
    try {
      if (!DIGEST.test(program)) return (await this.content.putBytes(await readFile(program))).sha256 as Sha256;
      if ((await this.content.size(program)) !== null) return program as Sha256;
    } catch (error) {
      throw new AdminError('PROGRAM_NOT_FOUND', `the configured program cannot be read: ${errorMessage(error)}`);
    }
    throw new AdminError('PROGRAM_NOT_FOUND', `the configured program ${program} was not uploaded to this coordinator`);
  }
}
