// Loaded before a coordinator: the process is killed at the point FAULT_AT names, the FAULT_NTH time it comes there.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const BUILT = '../../../dist';
let left = Number(process.env.FAULT_NTH ?? 1);

/** SIGKILL is not handled by anything: the process ends before this returns, or right after. */
function arrive() {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}

function wrap(prototype, name, around) {
  const original = prototype[name];
  prototype[name] = function wrapped(...args) {
    return around(() => original.apply(this, args), args);
  };
}

const POINTS = {
  before_commit: async () => {
    const { SqliteStore } = await import(`${BUILT}/coordinator/store/sqlite/sqlite-store.js`);
    wrap(SqliteStore.prototype, 'commit', (commit) => {
      arrive();
      return commit();
    });
  },
  after_commit: async () => {
    const { SqliteStore } = await import(`${BUILT}/coordinator/store/sqlite/sqlite-store.js`);
    wrap(SqliteStore.prototype, 'commit', async (commit) => {
      const result = await commit();
      arrive();
      return result;
    });
  },
  after_send: async () => {
    const { StreamChannel } = await import(`${BUILT}/coordinator/prover-gateway/stream/stream-channel.js`);
    wrap(StreamChannel.prototype, 'send', (send, [payload]) => {
      const sent = send();
      // Not before the bytes are on the wire.
      if (payload.$case === 'executeTask') setTimeout(arrive, 50);
      return sent;
    });
  },
  artifact_rename: async () => {
    const { rename } = fs;
    fs.rename = async (from, to) => {
      arrive();
      return rename(from, to);
    };
    syncBuiltinESMExports();
  },
  verification: async () => {
    const { KernelService } = await import(`${BUILT}/kernel/kernel.service.js`);
    wrap(KernelService.prototype, 'verifySegment', (verify) => {
      const verdict = verify();
      setTimeout(arrive, 20);
      return verdict;
    });
  },
  migration: async () => {
    const { default: Database } = await import('better-sqlite3');
    wrap(Database.prototype, 'exec', (exec, [sql]) => {
      const result = exec();
      if (/CREATE TABLE/i.test(sql)) arrive();
      return result;
    });
  },
};

if (isMainThread) await POINTS[process.env.FAULT_AT]();
