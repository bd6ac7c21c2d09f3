import {
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { SqliteStore } from '../../src/coordinator/store/sqlite/sqlite-store.js';
import { startProblems } from '../../src/coordinator/store/start-checks.js';
import { REQUEST } from '../domain/job-driver.js';
import { scratchFolder } from '../support/program.js';
import { StoredJob } from './conformance.js';

const PAGE = 4096;

/** A data folder in which so many jobs were accepted, as a process that was killed leaves it: with its log. */
async function killedAfter(jobs: number): Promise<string> {
  const [live, left] = [scratchFolder(), scratchFolder()];
  const store = new SqliteStore(join(live, 'coordinator.sqlite'));
  const labels = { n: 'x'.repeat(500) };
  for (let job = 0; job < jobs; job += 1) await StoredJob.submit(store, `job-${job}`, { labels }, null);
  for (const name of ['coordinator.sqlite', 'coordinator.sqlite-wal', 'coordinator.sqlite.accepted']) {
    if (existsSync(join(live, name))) copyFileSync(join(live, name), join(left, name));
  }
  await store.close();
  for (const sha256 of [REQUEST.program, REQUEST.input]) {
    mkdirSync(join(left, 'artifacts', sha256.slice(0, 2)), { recursive: true });
    writeFileSync(join(left, 'artifacts', sha256.slice(0, 2), sha256), 'x');
  }
  return left;
}

/** Opens what is left and says what it lacks. */
async function start(folder: string): Promise<string[]> {
  const store = new SqliteStore(join(folder, 'coordinator.sqlite'));
  const found = startProblems(store, join(folder, 'artifacts'));
  await store.close();
  return found.map(({ reason, hint }) => `${reason}; ${hint}`);
}

describe('a store that was damaged', () => {
  it('[case: store-damaged] by cutting its log says at the start how many jobs are missing, and what to do', async () => {
    const folder = await killedAfter(20);
    const log = join(folder, 'coordinator.sqlite-wal');
    truncateSync(log, statSync(log).size - 10 * PAGE);
    const [said = '', ...more] = await start(folder);
    expect(said).toMatch(/^\d+ of 20 accepted jobs are missing from .*coordinator\.sqlite: it was cut/);
    expect(said).toContain('from a backup');
    expect(more).toEqual([]);
    expect(await start(folder)).toEqual([]);
  });

  it('[case: store-damaged] on a page in its middle is refused at the start, with what to do', async () => {
    const folder = await killedAfter(200);
    const path = join(folder, 'coordinator.sqlite');
    await start(folder);
    const file = openSync(path, 'r+');
    const middle = Math.floor(statSync(path).size / PAGE / 2) * PAGE;
    writeSync(file, Buffer.alloc(PAGE, 0x5a), 0, PAGE, middle);
    await expect(start(folder)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(path),
      hint: expect.stringContaining('.recover'),
    });
  });

  it('is said not to have been checked where it is too large for that', async () => {
    const folder = await killedAfter(200);
    const path = join(folder, 'coordinator.sqlite');
    await start(folder);
    const problems = async (maxCheckedBytes: number) => {
      const store = new SqliteStore(path, { lockWaitMs: 0, maxCheckedBytes });
      const found = startProblems(store, join(folder, 'artifacts'));
      await store.close();
      return found;
    };
    const { size } = statSync(path);
    expect(await problems(size)).toEqual([]);
    expect(await problems(size - 1)).toEqual([
      {
        reason: `${path} is too large to be read through at every start: it was not checked for damage`,
        hint: `to check it, stop and run: sqlite3 ${path} 'PRAGMA quick_check'`,
      },
    ]);
  });

  it('of another program is refused, and left as it was', () => {
    const path = join(scratchFolder(), 'coordinator.sqlite');
    const other = new Database(path);
    other.exec('CREATE TABLE customers (name TEXT)');
    other.close();
    const before = readFileSync(path);
    expect(() => new SqliteStore(path)).toThrow(
      expect.objectContaining({
        code: 'corrupt',
        message: `${path} is the database of another program (it has customers)`,
        hint: expect.stringContaining('DISTRIBUTED_STORE_URL'),
      }),
    );
    expect(readFileSync(path)).toEqual(before);
  });

  it.each(['emptied', 'removed'])('[case: store-damaged] by being %s says that its jobs are missing', async (how) => {
    const folder = await killedAfter(3);
    const path = join(folder, 'coordinator.sqlite');
    rmSync(`${path}-wal`, { force: true });
    if (how === 'emptied') truncateSync(path, 0);
    else rmSync(path);
    expect(await start(folder)).toEqual([expect.stringContaining('3 of 3 accepted jobs are missing')]);
  });

  it('[case: store-damaged] that is new beside artifacts says that the database is missing', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'artifacts', 'ab'), { recursive: true });
    writeFileSync(join(folder, 'artifacts', 'ab', 'ab'.repeat(32)), 'x');
    expect(await start(folder)).toEqual([expect.stringContaining('holds artifacts: the database is missing')]);
  });

  it('beside artifacts that are not its own says how many are missing, and what to do', async () => {
    const folder = await killedAfter(3);
    rmSync(join(folder, 'artifacts', REQUEST.input.slice(0, 2), REQUEST.input));
    const path = join(folder, 'coordinator.sqlite');
    expect(await start(folder)).toEqual([
      expect.stringContaining(
        `1 of 2 artifacts that jobs of ${path} refer to are not in ${join(folder, 'artifacts')}; stop, see that DISTRIBUTED_DATA_DIR`,
      ),
    ]);
  });

  it('says nothing where nothing is wrong: new, killed, or with an artifact and no job yet', async () => {
    const folder = scratchFolder();
    expect(await start(folder)).toEqual([]);
    mkdirSync(join(folder, 'artifacts', 'ab'), { recursive: true });
    expect(await start(folder)).toEqual([]);
    expect(await start(await killedAfter(5))).toEqual([]);
  });

  it('keeps its witness when old jobs are forgotten', async () => {
    const folder = scratchFolder();
    const store = new SqliteStore(join(folder, 'coordinator.sqlite'));
    const job = await StoredJob.submit(store, 'job', {}, null);
    await job.apply({ kind: 'cancel', reason: '' });
    expect(await store.purge(Number.MAX_SAFE_INTEGER, 10)).toBe(1);
    await store.close();
    expect(await start(folder)).toEqual([]);
  });
});
