import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FolderLock } from '../../lifecycle/folder-lock.js';
import { errorMessage } from '../../lifecycle/system-error.js';
import { StoreError } from './store.error.js';

/** A coordinator that is about to stop may still hold it, as in a rolling restart. */
const LOCK_WAIT_MS = 5_000;

/**
 * The folder of everything that a coordinator keeps, for itself alone while it runs. The database has a lock of its own,
 * but may lie elsewhere: two coordinators with one folder would remove each other's artifacts.
 */
export class DataDirectory {
  private constructor(
    private readonly path: string,
    private readonly lock: FolderLock,
  ) {}

  /** @throws StoreError `in_use`, `unavailable` */
  static claim(path: string, waitMs = LOCK_WAIT_MS): DataDirectory {
    const lock = locked(path, waitMs);
    if (lock) return new DataDirectory(path, lock);
    const hint = 'stop it, or give this one another data directory with --data-dir';
    throw new StoreError('in_use', `the data directory ${path} is used by another coordinator`, hint);
  }

  get artifacts(): string {
    return join(this.path, 'artifacts');
  }

  release(): void {
    this.lock.release();
  }
}

function locked(path: string, waitMs: number): FolderLock | undefined {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return FolderLock.take(join(path, 'coordinator.lock'), waitMs);
  } catch (error) {
    const reason = `the data directory ${path} cannot be used: ${errorMessage(error)}`;
    const hint = 'make it writable for this user, or give another with --data-dir';
    throw new StoreError('unavailable', reason, hint, { cause: error });
  }
}
