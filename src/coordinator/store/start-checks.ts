import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteStore } from './sqlite/sqlite-store.js';
import type { TaskStore } from './task-store.js';

/** Something that is missing at a start, and what an operator can do about it. */
export interface StartProblem {
  readonly reason: string;
  readonly hint: string;
}

/** A folder of artifacts is named by the first two digits of their digests. */
const SHARD = /^[0-9a-f]{2}$/;

/** What the store lacks although there are signs that it was there, and what was not looked at. @param artifacts their folder */
export function startProblems(store: TaskStore, artifacts: string): StartProblem[] {
  return store instanceof SqliteStore
    ? [...unchecked(store), ...vanished(store, artifacts), ...elsewhere(store, artifacts)]
    : [];
}

function unchecked({ path, isChecked }: SqliteStore): StartProblem[] {
  if (isChecked) return [];
  const reason = `${path} is too large to be read through at every start: it was not checked for damage`;
  return [{ reason, hint: `to check it, stop and run: sqlite3 ${path} 'PRAGMA quick_check'` }];
}

function vanished(store: SqliteStore, artifacts: string): StartProblem[] {
  const hint = `stop, put ${store.path} back from a backup and start again, or submit those jobs again`;
  if (store.missing) {
    const { accepted, kept } = store.missing;
    const reason = `${accepted - kept} of ${accepted} accepted jobs are missing from ${store.path}`;
    return [{ reason: `${reason}: it was cut, emptied or replaced by an older one`, hint }];
  }
  if (!store.isNew || !hasShards(artifacts)) return [];
  const reason = `${store.path} has never had a job, but ${artifacts} holds artifacts: the database is missing`;
  return [{ reason, hint: `${hint}; artifacts that no job refers to are removed after a day` }];
}

/** References that are looked at: enough to see whether the folder is the one that the jobs were stored with. */
const LOOKED_AT = 1_000;

/** A database beside other artifacts than its own: its jobs would fail one by one, as if each had lost its program. */
function elsewhere(store: SqliteStore, artifacts: string): StartProblem[] {
  const referred = store.someReferences(LOOKED_AT);
  const missing = referred.filter((sha256) => !existsSync(join(artifacts, sha256.slice(0, 2), sha256))).length;
  if (missing === 0) return [];
  const reason = `${missing} of ${referred.length} artifacts that jobs of ${store.path} refer to are not in ${artifacts}`;
  const hint =
    'stop, see that DISTRIBUTED_DATA_DIR and DISTRIBUTED_STORE_URL belong together or put the folder back, and start again; ' +
    'else jobs that need them fail as ARTIFACT_LOST';
  return [{ reason, hint }];
}

function hasShards(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => SHARD.test(name));
  } catch {
    return false;
  }
}
