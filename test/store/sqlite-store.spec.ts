import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIGRATIONS } from '../../src/coordinator/store/sqlite/migrations.js';
import { openDatabase } from '../../src/coordinator/store/sqlite/open-database.js';
import { SqliteStore } from '../../src/coordinator/store/sqlite/sqlite-store.js';
import type { JobId } from '../../src/domain/ids.js';
import { planOf } from '../domain/job-driver.js';
import { StoredJob } from './conformance.js';

const folder = mkdtempSync(join(tmpdir(), 'proofloom-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string) => join(folder, name);
const OPTIONS = { lockWaitMs: 0 };

/** Another process that opens the database as the coordinator does; says "open" or the error and then waits. */
const HOLDER = `
  const Database = require('better-sqlite3');
  try {
    const db = new Database(process.argv[1], { timeout: 0 });
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = WAL');
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    process.stdout.write('open');
    setInterval(() => {}, 1000);
  } catch (error) {
    process.stdout.write(error.code);
  }
`;

describe('the SQLite file', () => {
  it('belongs to one process: a second one is refused, and one that is killed leaves nothing in the way', async () => {
    const path = file('one.sqlite');
    const holder = spawn(process.execPath, ['-e', HOLDER, path], { cwd: process.cwd() });
    const [said] = (await once(holder.stdout, 'data')) as [Buffer];
    expect(said.toString()).toBe('open');
    expect(() => new SqliteStore(path)).toThrow(expect.objectContaining({ code: 'in_use' }));
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const store = new SqliteStore(path, { lockWaitMs: 1_000 });
    expect(execFileSync(process.execPath, ['-e', HOLDER, path]).toString()).toBe('SQLITE_BUSY');
    await store.close();
  });

  it('keeps what was committed when it is opened again', async () => {
    const path = file('again.sqlite');
    const first = new SqliteStore(path);
    const stored = await StoredJob.submit(first, 'job', { labels: { a: 'b' } }, 'key');
    await stored.apply({ kind: 'start_planning' });
    await first.close();
    const second = new SqliteStore(path);
    expect(await second.loadJob(stored.job.id)).toEqual(stored.job);
    expect(await second.activeJobs()).toEqual(['job']);
    await second.close();
  });

  it('takes nothing while it is moved away, as no later start would find it, and goes on when it is back', async () => {
    const path = file('moved.sqlite');
    const store = new SqliteStore(path);
    const stored = await StoredJob.submit(store, 'job', {}, null);
    renameSync(path, `${path}.away`);
    const submitting = StoredJob.submit(store, 'lost', {}, null);
    await expect(submitting).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('moved or removed'),
    });
    renameSync(`${path}.away`, path);
    await stored.apply({ kind: 'start_planning' });
    expect(await store.activeJobs()).toEqual(['job']);
    expect(await store.loadJob('lost' as JobId)).toBeNull();
    await store.close();
  });

  it('syncs every commit to disk', () => {
    const database = openDatabase(file('sync.sqlite'), OPTIONS);
    expect(database.pragma('synchronous', { simple: true })).toBe(2);
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    database.close();
  });

  it('moves forward through every schema step it has not seen, in order, once', () => {
    const path = file('steps.sqlite');
    const one = 'CREATE TABLE a (x INTEGER)';
    openDatabase(path, { ...OPTIONS, migrations: [one] }).close();
    const two = 'ALTER TABLE a ADD COLUMN y INTEGER; INSERT INTO a VALUES (1, 2)';
    openDatabase(path, { ...OPTIONS, migrations: [one, two] }).close();
    const database = openDatabase(path, { ...OPTIONS, migrations: [one, two] });
    expect(database.prepare('SELECT * FROM a').all()).toEqual([{ x: 1, y: 2 }]);
    expect(database.pragma('user_version', { simple: true })).toBe(2);
    database.close();
  });

  it('keeps which prover has which unit of a job that an earlier version wrote', () => {
    const path = file('allocation.sqlite');
    const renaming = MIGRATIONS.findIndex((step) => step.includes('$.dealing'));
    const earlier = openDatabase(path, { ...OPTIONS, migrations: MIGRATIONS.slice(0, renaming) });
    earlier.exec(`INSERT INTO jobs (id, version, status, status_detail, submitted_at_ms, priority, request, rules,
      last_event, own_failures, excluded, run) VALUES ('j', 1, 'RUNNING', '{}', 0, 0, '{}', '{}', 0, 0, '[]',
      '{"stage":"PROVING","dealing":["anna",null]}')`);
    earlier.close();
    const database = openDatabase(path, { ...OPTIONS, migrations: MIGRATIONS.slice(0, renaming + 1) });
    const row = database.prepare('SELECT run FROM jobs').get() as { run: string };
    expect(JSON.parse(row.run)).toEqual({ stage: 'PROVING', allocation: ['anna', null] });
    database.close();
  });

  it('is left as it was by a step that fails', () => {
    const path = file('broken-step.sqlite');
    const steps = ['CREATE TABLE a (x INTEGER)', 'CREATE TABLE b (x INTEGER); SELECT nonsense FROM nowhere'];
    expect(() => openDatabase(path, { ...OPTIONS, migrations: steps })).toThrow('nowhere');
    const database = openDatabase(path, { ...OPTIONS, migrations: steps.slice(0, 1) });
    expect(database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()).toEqual([{ name: 'a' }]);
    database.close();
  });

  it('of a later version is refused, and so is a file that is no database', () => {
    const path = file('later.sqlite');
    const database = openDatabase(path, OPTIONS);
    database.pragma('user_version = 99');
    database.close();
    expect(() => new SqliteStore(path)).toThrow(expect.objectContaining({ code: 'too_new' }));
    writeFileSync(file('text.sqlite'), 'this is not a database, though it is long enough to look at'.repeat(20));
    expect(() => new SqliteStore(file('text.sqlite'))).toThrow(expect.objectContaining({ code: 'corrupt' }));
    writeFileSync(file('plain'), '');
    expect(() => new SqliteStore(join(file('plain'), 'x.sqlite'))).toThrow(
      expect.objectContaining({ code: 'unavailable' }),
    );
  });

  it('that cannot grow refuses a commit with nothing of it written, and takes it once there is room', async () => {
    const path = file('full.sqlite');
    const cramped = new SqliteStore(path, { ...OPTIONS, maxBytes: 200_000 });
    const stored = await StoredJob.submit(cramped, 'job');
    await stored.apply({ kind: 'start_planning' });
    const planned = { kind: 'planned', plan: planOf(4_000) } as const;
    await expect(stored.apply(planned)).rejects.toMatchObject({
      code: 'unavailable',
      hint: expect.stringContaining('disk'),
    });
    expect(await stored.loaded()).toEqual(stored.job);
    await cramped.close();
    const roomy = new SqliteStore(path);
    expect(await roomy.loadJob(stored.job.id)).toEqual(stored.job);
    await roomy.close();
  });
});
