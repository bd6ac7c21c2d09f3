import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobId, Commitment, ProverId, Attempt, Segment } from '../../src/domain/ids.js';
import { changesBetween } from '../../src/domain/job/changes.js';
import { accept } from '../../src/domain/job/decide.js';
import { newJob } from '../../src/domain/job/job-state.js';
import { DEFAULT_RULES } from '../../src/domain/job/request.js';
import { parseTaskKey } from '../../src/domain/job/task.js';
import { MemoryStore } from '../../src/coordinator/store/memory/memory-store.js';
import { SqliteStore } from '../../src/coordinator/store/sqlite/sqlite-store.js';
import type { JobQuery, TaskStore } from '../../src/coordinator/store/task-store.js';
import { commitmentOf, planOf, proofOf, prover, REQUEST, sha } from '../domain/job-driver.js';
import { NOTHING, quarantine, StoredJob } from './conformance.js';

const folder = mkdtempSync(join(tmpdir(), 'proofloom-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const STORES: readonly (readonly [string, () => TaskStore])[] = [
  ['memory', () => new MemoryStore()],
  ['sqlite', () => new SqliteStore(join(folder, `${(files += 1)}.sqlite`))],
];

/** The artifact of a job's commitments. */
const LIST = proofOf('commitments');

const ALL: JobQuery = { states: [], labels: {}, after: null, limit: 100 };

describe.each(STORES)('the %s store', (_name, open) => {
  let store: TaskStore;
  beforeEach(() => {
    store = open();
  });
  afterEach(() => store.close());

  /** To the challenge of attempt 1, with one commitment in dispute. */
  async function disputed(): Promise<StoredJob> {
    const stored = await StoredJob.submit(store, 'job');
    await stored.apply({ kind: 'start_planning' });
    await stored.apply({ kind: 'planned', plan: planOf(2) });
    const tasks = ['contribute/0', 'contribute/1', 'contribute/2'].map(parseTaskKey);
    await stored.apply({ kind: 'allocate', allocation: [prover('anna'), null] });
    await stored.apply({ kind: 'assign', prover: prover('mallory'), tasks, grade: 'primary', leaseMs: 15_000 });
    for (const segment of [0, 1, 2]) {
      const report = { prover: prover('mallory'), epoch: 1 as never, task: parseTaskKey(`contribute/${segment}`) };
      await stored.apply({
        kind: 'report_commitment',
        report,
        commitment: commitmentOf(segment, 'wrong'),
        totals: null,
      });
    }
    await stored.apply({
      kind: 'challenge_derived',
      attempt: 1 as Attempt,
      challenge: sha('challenge') as string as never,
      commitmentList: LIST,
    });
    const proofs = ['prove/1/0', 'prove/1/1'].map(parseTaskKey);
    await stored.apply({ kind: 'assign', prover: prover('anna'), tasks: proofs, grade: 'primary', leaseMs: 15_000 });
    const report = { prover: prover('anna'), epoch: 2 as never, task: parseTaskKey('prove/1/1') };
    await stored.apply({ kind: 'dispute_commitment', report, commitment: commitmentOf(1) });
    return stored;
  }

  it('gives back a job exactly as it was committed, at every step of its life', async () => {
    const stored = await disputed();
    expect(await stored.loaded()).toEqual(stored.job);
    const report = { prover: prover('anna'), epoch: 2 as never, task: parseTaskKey('prove/1/0') };
    await stored.apply({ kind: 'proof_checked', report, result: { kind: 'verified', artifact: proofOf('p0') } });
    expect(await stored.loaded()).toEqual(stored.job);
    await stored.apply({ kind: 'proof_lost', attempt: 1 as Attempt, segment: 0 as Segment });
    expect(await stored.loaded()).toEqual(stored.job);
    await stored.apply({ kind: 'commitment_recomputed', segment: 1 as Segment, commitment: commitmentOf(1) });
    expect(stored.job.run?.attempt).toBe(2);
    expect(await stored.loaded()).toEqual(stored.job);
    await stored.apply({ kind: 'cancel', reason: 'enough' });
    expect(await stored.loaded()).toEqual(stored.job);
  });

  it('writes what a command changed, all of it or nothing', async () => {
    const stored = await disputed();
    const { job } = stored;
    const other = accept(newJob('other' as JobId, REQUEST, DEFAULT_RULES, 1), { monoMs: 0, wallMs: 1 });
    const jobs = [
      { base: null, changes: changesBetween(null, other.job, other.events), idempotencyKey: null },
      { base: job.version - 1, changes: changesBetween(job, job, []), idempotencyKey: null },
    ];
    await expect(store.commit({ jobs, quarantined: [quarantine('x')], released: [] })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await store.loadJob('other' as JobId)).toBeNull();
    expect(await store.quarantines()).not.toContainEqual(quarantine('x'));
    expect(await stored.loaded()).toEqual(job);
  });

  it('refuses a second job under an id that is taken', async () => {
    await StoredJob.submit(store, 'job');
    await expect(StoredJob.submit(store, 'job')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('keeps the client’s key for a request as long as the job', async () => {
    const stored = await StoredJob.submit(store, 'job', { labels: { team: 'blue' } }, 'key-1');
    expect(await store.idempotencyEntry('key-1')).toEqual({ key: 'key-1', job: 'job', request: stored.job.request });
    expect(await store.idempotencyEntry('key-2')).toBeNull();
    await stored.apply({ kind: 'cancel', reason: '' }, 100);
    await store.purge(101, 10);
    expect(await store.idempotencyEntry('key-1')).toBeNull();
  });

  it('lists jobs newest first, by state and label, page by page', async () => {
    for (let index = 1; index <= 5; index += 1) {
      const stored = await StoredJob.submit(store, `j${index}`, { labels: { parity: index % 2 ? 'odd' : 'even' } });
      if (index === 4) await stored.apply({ kind: 'start_planning' });
    }
    const ids = async (query: Partial<JobQuery>) => (await store.list({ ...ALL, ...query })).jobs.map((job) => job.id);
    expect(await ids({})).toEqual(['j5', 'j4', 'j3', 'j2', 'j1']);
    expect(await ids({ states: ['PLANNING', 'RUNNING'] })).toEqual(['j4']);
    expect(await ids({ labels: { parity: 'odd' } })).toEqual(['j5', 'j3', 'j1']);
    const first = await store.list({ ...ALL, limit: 2 });
    const second = await store.list({ ...ALL, limit: 2, after: first.next });
    const third = await store.list({ ...ALL, limit: 2, after: second.next });
    expect([first, second, third].map((page) => page.jobs.map((job) => job.id))).toEqual([
      ['j5', 'j4'],
      ['j3', 'j2'],
      ['j1'],
    ]);
    expect(third.next).toBeNull();
  });

  it('finds what is open: active jobs in order of acceptance, waiting ones by priority', async () => {
    await StoredJob.submit(store, 'low', { priority: -1 });
    await StoredJob.submit(store, 'first');
    await StoredJob.submit(store, 'second');
    await StoredJob.submit(store, 'high', { priority: 9 });
    const active = await StoredJob.submit(store, 'active');
    await active.apply({ kind: 'start_planning' });
    const gone = await StoredJob.submit(store, 'gone');
    await gone.apply({ kind: 'cancel', reason: '' });
    expect(await store.queuedJobs(3)).toEqual(['high', 'first', 'second']);
    expect(await store.activeJobs()).toEqual(['active']);
    expect(await store.countOpen()).toBe(5);
  });

  it('gives events after a sequence number, without gaps', async () => {
    const stored = await disputed();
    const all = await store.events({ job: stored.job.id, after: 0, limit: 1_000 });
    expect(all.map((event) => event.seq)).toEqual(Array.from({ length: stored.job.lastEvent }, (_, i) => i + 1));
    expect(all[0]).toEqual({ type: 'submitted', seq: 1, atMs: 5_000 });
    expect(await store.events({ job: stored.job.id, after: 2, limit: 2 })).toEqual(all.slice(2, 4));
    expect(await store.events({ job: 'nobody' as JobId, after: 0, limit: 2 })).toEqual([]);
  });

  it('remembers provers quarantined, in the same transaction as the job that found out, until they are released', async () => {
    const stored = await disputed();
    await stored.apply({ kind: 'commitment_recomputed', segment: 1 as Segment, commitment: commitmentOf(1) });
    expect(await store.quarantines()).toMatchObject([{ prover: 'mallory', job: 'job' }]);
    await store.commit({ ...NOTHING, quarantined: [quarantine('mordred', 2)] });
    await store.commit({ ...NOTHING, released: ['mallory' as ProverId] });
    expect(await store.quarantines()).toEqual([quarantine('mordred', 2)]);
  });

  it('knows which artifacts are in use: proofs and commitments while the job runs, program, input and final proof as long as it is kept', async () => {
    const stored = await disputed();
    const report = { prover: prover('anna'), epoch: 2 as never, task: parseTaskKey('prove/1/0') };
    await stored.apply({ kind: 'proof_checked', report, result: { kind: 'verified', artifact: proofOf('p0') } });
    const asked = [REQUEST.program, REQUEST.input, proofOf('p0').sha256, LIST.sha256, sha('nobody’s')];
    expect(await store.referenced(asked)).toEqual(new Set(asked.slice(0, 4)));
    await stored.apply({ kind: 'cancel', reason: '' }, 100);
    expect(await store.referenced(asked)).toEqual(new Set(asked.slice(0, 2)));
    await store.purge(101, 10);
    expect(await store.referenced(asked)).toEqual(new Set());
  });

  it('forgets ended jobs with everything of theirs, oldest first, and never an open one', async () => {
    const old = await disputed();
    await old.apply({ kind: 'cancel', reason: '' }, 100);
    const young = await StoredJob.submit(store, 'young');
    await young.apply({ kind: 'cancel', reason: '' }, 200);
    await StoredJob.submit(store, 'open');
    expect(await store.purge(200, 10)).toBe(1);
    expect(await old.loaded()).toBeNull();
    expect(await store.events({ job: old.job.id, after: 0, limit: 10 })).toEqual([]);
    expect((await store.list(ALL)).jobs.map((job) => job.id)).toEqual(['open', 'young']);
    expect(await store.purge(1_000, 10)).toBe(1);
    expect(await store.countOpen()).toBe(1);
  });

  it('keeps labels, keys and ids that look like SQL as the plain text they are', async () => {
    const nasty = `'; DROP TABLE jobs; --"`;
    await StoredJob.submit(store, 'job', { labels: { [nasty]: nasty } }, nasty);
    expect((await store.list({ ...ALL, labels: { [nasty]: nasty } })).jobs).toHaveLength(1);
    expect(await store.idempotencyEntry(nasty)).toMatchObject({ job: 'job' });
  });

  it('does not mind an empty batch', async () => {
    await expect(store.commit(NOTHING)).resolves.toBeUndefined();
  });

  it('holds commitments of every kind', async () => {
    const stored = await disputed();
    await stored.apply({ kind: 'commitment_recomputed', segment: 1 as Segment, commitment: commitmentOf(1) });
    expect(stored.job.run?.commitments.map((slot) => slot.kind)).toEqual(['missing', 'recomputed', 'missing']);
    const loaded = await stored.loaded();
    expect(loaded?.run?.commitments.at(1)).toEqual({
      kind: 'recomputed',
      commitment: commitmentOf(1) satisfies Commitment,
    });
  });
});
