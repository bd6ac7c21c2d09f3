import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FolderLock } from '../lifecycle/folder-lock.js';
import type { Random } from '../lifecycle/random.js';
import { errorMessage } from '../lifecycle/system-error.js';

const MAX_PROVERS = 256;
const ID_BYTES = 4;
const MAX_HOST_NAME = 48;

/** The folder that a prover keeps across restarts, for itself alone while it runs. */
export class DataFolder {
  private constructor(
    readonly path: string,
    private readonly lock: FolderLock,
  ) {}

  /**
   * Takes the first folder below `dataDir` that no running prover uses, so that several provers may share one data
   * directory.
   * @throws Error where the folder cannot be written
   */
  static claim(dataDir: string): DataFolder {
    for (let number = 1; number <= MAX_PROVERS; number += 1) {
      const path = join(dataDir, 'provers', String(number));
      const lock = tryLock(path);
      if (lock) return new DataFolder(path, lock);
    }
    throw new Error(`${MAX_PROVERS} provers use ${dataDir} already: give this one another folder with --data-dir`);
  }

  /** The name kept here, or a new one that is kept from now on. */
  proverId(random: Random): string {
    const file = join(this.path, 'prover-id');
    const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
    if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(kept)) return kept;
    const id = `${hostPart()}-${random.hex(ID_BYTES)}`;
    writeFileSync(`${file}.part`, `${id}\n`);
    renameSync(`${file}.part`, file);
    return id;
  }

  release(): void {
    this.lock.release();
  }
}

function hostPart(): string {
  const admitted = hostname()
    .replaceAll(/[^A-Za-z0-9._-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return admitted.slice(0, MAX_HOST_NAME) || 'prover';
}

function tryLock(path: string): FolderLock | undefined {
  try {
    mkdirSync(path, { recursive: true });
    return FolderLock.take(join(path, 'lock'));
  } catch (error) {
    const what = `the data folder ${path} cannot be used: ${errorMessage(error)}`;
    throw new Error(`${what}; make it writable, or give another with --data-dir`, { cause: error });
  }
}
