import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { StoreError } from '../store.error.js';
import { MIGRATIONS } from './migrations.js';
import { asStoreError } from './sqlite-errors.js';

export type SqliteDatabase = Database.Database;

export interface OpenOptions {
  /** How long to wait for another process that is about to close the file, for example in a rolling restart. */
  readonly lockWaitMs: number;
  /** Largest size of the file in bytes; over it commits are refused as `unavailable`. Default: the disk's own end. */
  readonly maxBytes?: number;
  readonly migrations?: readonly string[];
  /** Larger files are not read through at a start. Default: 1 GiB. */
  readonly maxCheckedBytes?: number;
}

/**
 * Opens (and if need be makes) the database file, for this process alone, and brings its schema up to date.
 *
 * @throws StoreError `in_use`, `too_new`, `corrupt` or `unavailable`.
 */
export function openDatabase(path: string, options: OpenOptions): SqliteDatabase {
  const { lockWaitMs, maxBytes, migrations = MIGRATIONS } = options;
  const database = create(path, lockWaitMs);
  try {
    // Before anything is read: the index of the log then needs no file of its own, which a full disk does not take.
    database.pragma('locking_mode = EXCLUSIVE');
    checkOwner(database, path);
    takeForThisProcess(database);
    if (isCheckedAtStart(database, options)) checkPages(database, path);
    migrate(database, path, migrations);
    if (maxBytes !== undefined) limitSize(database, maxBytes);
    return database;
  } catch (error) {
    database.close();
    throw asStoreError(error, path);
  }
}

function create(path: string, lockWaitMs: number): SqliteDatabase {
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return new Database(path, { timeout: lockWaitMs });
  } catch (error) {
    throw asStoreError(error, path);
  }
}

/**
 * An exclusive lock, held by the operating system as long as the process lives: a second process is refused, and one
 * that was killed leaves nothing behind. Every commit is on disk before it returns (synchronous=FULL).
 */
function takeForThisProcess(database: SqliteDatabase): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.exec('BEGIN EXCLUSIVE; COMMIT');
}

/** Larger files are not read through at a start: half a GiB takes one to five seconds. */
const MAX_CHECKED_BYTES = 2 ** 30;

/** The tables of another program are left alone. */
function checkOwner(database: SqliteDatabase, path: string): void {
  if (Number(database.pragma('user_version', { simple: true })) > 0) return;
  const tables = database
    .prepare("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' LIMIT 3")
    .pluck()
    .all();
  if (tables.length === 0) return;
  const hint = 'give the coordinator a data directory, or a file in DISTRIBUTED_STORE_URL, of its own';
  throw new StoreError('corrupt', `${path} is the database of another program (it has ${tables.join(', ')})`, hint);
}

export function isCheckedAtStart(
  database: SqliteDatabase,
  { maxCheckedBytes = MAX_CHECKED_BYTES }: OpenOptions,
): boolean {
  const [pages, size] = ['page_count', 'page_size'].map((name) => Number(database.pragma(name, { simple: true })));
  return (pages ?? 0) * (size ?? 0) <= maxCheckedBytes;
}

/** Pages that were overwritten would otherwise be found when somebody needs what was on them. */
function checkPages(database: SqliteDatabase, path: string): void {
  const found = String(database.pragma('quick_check(1)', { simple: true }));
  if (found !== 'ok') throw damaged(path, found);
}

function damaged(path: string, found: string): StoreError {
  const hint =
    'restore the file from a backup, save what can be read (sqlite3 FILE .recover), or move it away to start empty';
  return new StoreError('corrupt', `${path} is damaged: ${found.split('\n').join(' ')}`, hint);
}

function limitSize(database: SqliteDatabase, maxBytes: number): void {
  const pageBytes = Number(database.pragma('page_size', { simple: true }));
  database.pragma(`max_page_count = ${Math.max(1, Math.floor(maxBytes / pageBytes))}`);
}

function migrate(database: SqliteDatabase, path: string, migrations: readonly string[]): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > migrations.length) {
    throw new StoreError(
      'too_new',
      `${path} has schema version ${version}, this program knows ${migrations.length}`,
      'run the version that wrote it or a later one; there is no way back',
    );
  }
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    database.transaction(() => {
      database.exec(step);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}
