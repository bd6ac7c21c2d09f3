import { Module } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { AccessStore } from './access-store.js';
import { DataDirectory } from './data-directory.js';
import { MemoryAccessStore } from './memory/memory-access-store.js';
import { MemoryStore } from './memory/memory-store.js';
import { SqliteStore } from './sqlite/sqlite-store.js';
import { TaskStore } from './task-store.js';

const SQLITE = 'sqlite:';
/** A coordinator that is about to stop may still hold the file, as in a rolling restart. */
const LOCK_WAIT_MS = 5_000;

/** The store that `STORE_URL` names. @throws StoreError when it cannot be opened. */
export function openStore({ storeUrl }: Pick<Settings, 'storeUrl'>): TaskStore {
  if (!storeUrl.startsWith(SQLITE)) return new MemoryStore();
  return new SqliteStore(storeUrl.slice(SQLITE.length), { lockWaitMs: LOCK_WAIT_MS });
}

/** Who may use the coordinator is kept where its jobs are. */
function accessOf(store: TaskStore): AccessStore {
  return store instanceof SqliteStore ? store.access() : new MemoryAccessStore();
}

/** Everything the coordinator keeps. */
@Module({
  providers: [
    {
      provide: DataDirectory,
      inject: [Settings],
      useFactory: ({ dataDir }: Settings) => DataDirectory.claim(dataDir),
    },
    // Opened only once the folder is ours.
    { provide: TaskStore, inject: [Settings, DataDirectory], useFactory: openStore },
    { provide: AccessStore, inject: [TaskStore], useFactory: accessOf },
  ],
  exports: [DataDirectory, TaskStore, AccessStore],
})
export class StoreModule {}
