import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { toClientError } from '../../src/client/client.error.js';
import { loadSettings } from '../../src/config/settings.loader.js';
import { ContentStore } from '../../src/content/content-store.js';
import { NetworkLog } from '../../src/coordinator/events/network-log.js';
import { StorageWatch } from '../../src/coordinator/storage-watch.js';
import { Readiness } from '../../src/coordinator/transport/readiness.js';
import { SystemRandom } from '../../src/lifecycle/random.js';
import { ServiceLogger } from '../../src/logging/service-logger.js';
import { StatusError, statusOf } from '../../src/coordinator/transport/status-error.js';
import { FlakyStore, JobKit } from '../jobs/job-kit.js';
import { scratchFolder } from '../support/program.js';

/** A store whose probe fails as long as its commits do. */
class FullStore extends FlakyStore {
  override async probe(): Promise<void> {
    await this.commit({ jobs: [], quarantined: [], released: [] });
  }
}

function watched(kit: JobKit, folder: string) {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const log = new NetworkLog(new ServiceLogger({ level: 'info', format: 'json', write }));
  const readiness = new Readiness();
  const content = new ContentStore({ folder, maxBytes: 1000, durable: false }, new SystemRandom());
  const { settings } = loadSettings({ environment: { DISTRIBUTED_DATA_DIR: folder } });
  const { clock, timers } = kit.host;
  const watch = new StorageWatch(readiness, log, content, settings, clock, timers, kit.bus);
  return { lines, readiness, content, watch };
}

describe('a disk that is full', () => {
  it('[case: disk-full] is a warning and not ready, clients get the right status and what to do, until there is room', async () => {
    const store = new FullStore();
    const kit = new JobKit(store);
    const { lines, readiness } = watched(kit, scratchFolder());
    await kit.start();
    const seen: boolean[] = [];
    readiness.changes.subscribe((ready) => seen.push(ready));
    store.broken = true;
    const refusal = statusOf(await kit.submit().catch((error: unknown) => error));
    expect(refusal).toMatchObject({ code: status.UNAVAILABLE });
    expect(refusal?.details).toBe('the coordinator cannot store changes now: disk full. make room');
    expect([readiness.status, readiness.troubles]).toEqual([
      'unavailable',
      [{ what: 'the database', reason: 'disk full', hint: 'make room' }],
    ]);
    expect(() => readiness.assertReady()).toThrow('the database cannot be used: disk full');
    await kit.pass(30_000);
    expect(readiness.ready).toBe(false);
    const later = statusOf(await kit.submit().catch((error: unknown) => error));
    expect(later?.details).toContain('disk full');
    store.broken = false;
    await kit.pass(10_000);
    expect(readiness.status).toBe('serving');
    expect(seen).toEqual([true, false, true]);
    expect(lines).toMatchObject([
      { level: 'error', message: 'storage trouble', reason: 'disk full', hint: 'make room' },
      { level: 'info', message: 'storage trouble over' },
    ]);
  });

  it('is no coordinator that is not there, to the client', () => {
    const ours = new StatusError(status.UNAVAILABLE, 'the coordinator cannot store changes now: disk full');
    expect(toClientError(ours)).toMatchObject({ code: 'busy', message: expect.stringContaining('disk full') });
  });
});

describe('an artifact store that cannot be used', () => {
  it('is known from the start, before anybody stores', async () => {
    const folder = join(scratchFolder(), 'artifacts');
    writeFileSync(folder, 'a file is in the way');
    const { readiness, watch, lines } = watched(new JobKit(), folder);
    await watch.onApplicationBootstrap();
    watch.onApplicationShutdown();
    expect(readiness.status).toBe('unavailable');
    expect(lines).toMatchObject([{ message: 'storage trouble', level: 'error', what: 'the artifact store' }]);
  });

  it('is noticed by who stores, said, and over by itself', async () => {
    const folder = join(scratchFolder(), 'artifacts');
    const kit = new JobKit();
    const { lines, readiness, content, watch } = watched(kit, folder);
    writeFileSync(folder, 'a file is in the way');
    await expect(content.putBytes(Buffer.from('x'))).rejects.toMatchObject({
      code: 'unwritable',
      hint: 'check that the folder exists and may be written, and the disk',
    });
    expect(readiness.troubles).toMatchObject([{ what: 'the artifact store' }]);
    await watch.look();
    expect(readiness.ready).toBe(false);
    rmSync(folder);
    mkdirSync(folder);
    chmodSync(folder, 0o700);
    await watch.look();
    expect(readiness.ready).toBe(true);
    await expect(content.putBytes(Buffer.from('x'))).resolves.toMatchObject({ size: 1 });
    expect(lines.map(({ message }) => message)).toEqual(['storage trouble', 'storage trouble over']);
  });

  it.each([
    ['ENOSPC', 'no_space', 'make room on the disk'],
    ['EMFILE', 'no_handles', expect.stringContaining('ulimit -n')],
    ['EIO', 'unwritable', expect.any(String)],
  ])('says of %s what it is and what to do', async (code, kind, hint) => {
    const content = new ContentStore({ folder: scratchFolder(), maxBytes: 10, durable: false }, new SystemRandom());
    const fails = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('x');
      throw Object.assign(new Error(code), { code });
    };
    await expect(content.put({ sha256: 'a'.repeat(64), size: 5 }, fails())).rejects.toMatchObject({ code: kind, hint });
  });
});
