import { closeSync, fdatasync, openSync, readFileSync, writeSync, constants } from 'node:fs';

const WIDTH = 15;
/** The disk is asked to keep the mark at most this often: losing the last second of it makes it weaker, never wrong. */
const SYNC_MS = 1_000;

/**
 * How many jobs were ever accepted, beside the database and not in it: a witness for the start that the database still
 * has them. Written over in place after each commit that accepts a job, which costs a few microseconds.
 */
export class AcceptedMark {
  private readonly file: number;
  private syncedAtMs = -Infinity;
  private syncing = false;

  /** @throws Error of the system where it cannot be written */
  constructor(path: string) {
    this.file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  }

  /** What the mark says; null where there is none that can be read. */
  static read(path: string): number | null {
    try {
      const text = readFileSync(path, 'utf8').trim();
      return /^\d{1,15}$/.test(text) ? Number(text) : null;
    } catch {
      return null;
    }
  }

  /** Never fails: what is marked has been committed, and an older mark is weaker, not wrong. */
  write(accepted: number): void {
    try {
      writeSync(this.file, `${String(accepted).padStart(WIDTH, '0')}\n`, 0);
    } catch {
      return;
    }
    const nowMs = performance.now();
    if (this.syncing || nowMs - this.syncedAtMs < SYNC_MS) return;
    this.syncing = true;
    this.syncedAtMs = nowMs;
    fdatasync(this.file, () => {
      this.syncing = false;
    });
  }

  close(): void {
    closeSync(this.file);
  }
}
