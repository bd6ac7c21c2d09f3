import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { writePrivateFile } from '../../config/secret-file.js';
import { Settings } from '../../config/settings.js';
import type { Sha256 } from '../../domain/ids.js';
import { Random } from '../../lifecycle/random.js';
import { digestOfSecret, newKeySecret } from './secrets.js';

const FILE = 'operator-key';

/**
 * A key for operators in the data directory, made anew at each start: whoever reads that directory owns the coordinator
 * anyway, and can make the first key with it, or another where all are lost.
 */
@Injectable()
export class OperatorKeyFile implements OnModuleInit, OnApplicationShutdown {
  readonly path: string;
  private digest: Sha256 | null = null;

  constructor(
    private readonly settings: Settings,
    private readonly random: Random,
  ) {
    this.path = join(settings.dataDir, FILE);
  }

  onModuleInit(): void {
    const secret = newKeySecret(this.random);
    mkdirSync(this.settings.dataDir, { recursive: true, mode: 0o700 });
    writePrivateFile(this.path, `${secret}\n`);
    this.digest = digestOfSecret(secret);
  }

  onApplicationShutdown(): void {
    if (this.digest !== null) rmSync(this.path, { force: true });
  }

  isSecret(secret: string): boolean {
    return this.digest !== null && digestOfSecret(secret) === this.digest;
  }
}
