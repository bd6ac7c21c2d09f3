import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import type { Sha256 } from '../../domain/ids.js';
import { Random } from '../../lifecycle/random.js';
import { digestOfSecret, newKeySecret } from './secrets.js';

const FILE = 'operator-key';
const OWNER_ONLY = 0o600;

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
    const part = `${this.path}.part`;
    // One that was left lying may have other permissions: it is not written over.
    rmSync(part, { force: true });
    writeFileSync(part, `${secret}\n`, { mode: OWNER_ONLY, flag: 'wx' });
    renameSync(part, this.path);
    this.digest = digestOfSecret(secret);
  }

  onApplicationShutdown(): void {
    if (this.digest !== null) rmSync(this.path, { force: true });
  }

  isSecret(secret: string): boolean {
    return this.digest !== null && digestOfSecret(secret) === this.digest;
  }
}
