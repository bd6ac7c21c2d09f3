import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { SqliteStore } from '../../src/coordinator/store/sqlite/sqlite-store.js';
import type { JobId } from '../../src/domain/ids.js';
import { changesBetween } from '../../src/domain/job/changes.js';
import type { JobEvent } from '../../src/domain/job/event.js';
import type { JobState } from '../../src/domain/job/job-state.js';
import { eventText } from '../../src/wire/proofs/event-text.js';
import { brokenRules } from '../simulation/job-invariants.js';
import { scratchFolder } from '../support/program.js';

/**
 * What version 0.1 wrote before its words changed: 47 jobs in every stage and state, with every event, end of an
 * assignment and kind of commitment that random lives of jobs came to.
 */
const EARLIER = join(import.meta.dirname, 'earlier', '0.1.sqlite');
const JOBS = 47;

/** Keys, states and causes of version 0.1 that have another name now. */
const RETIRED =
  /"(leaf|leafChanged|dealing|round|maxRounds|suspect|GRANTED|COMBINING|round_over|granted|settled|combining)"/;

type Row = Record<string, unknown>;

function rowsOf(path: string, table: string, order: string): Row[] {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare(`SELECT * FROM ${table} ORDER BY ${order}`).all() as Row[];
  } finally {
    database.close();
  }
}

function tally(rows: readonly Row[], column: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[String(row[column])] = (counts[String(row[column])] ?? 0) + 1;
  return counts;
}

/** The counts under the names that the values have now. */
function renamed(counts: Record<string, number>, names: Record<string, string>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [names[name] ?? name, count]));
}

/** Without the order of arrival, and without rows that say what no row says too. */
function comparable(rows: readonly Row[]): Row[] {
  return rows.filter(({ kind }) => kind !== 'missing').map((row) => ({ ...row, position: 0 }));
}

describe('a database of version 0.1', () => {
  let path: string;
  let store: SqliteStore;
  const jobs: { readonly job: JobState; readonly events: readonly JobEvent[] }[] = [];

  beforeAll(async () => {
    path = join(scratchFolder(), 'coordinator.sqlite');
    copyFileSync(EARLIER, path);
    store = new SqliteStore(path);
    for (let number = 1; number <= JOBS; number += 1) {
      const id = `job-${number}` as JobId;
      const job = await store.loadJob(id);
      if (job) jobs.push({ job, events: await store.events({ job: id, after: 0, limit: 1_000 }) });
    }
  });

  afterAll(() => store.close());

  it('has all its jobs, and each keeps every rule of a job', () => {
    expect(jobs).toHaveLength(JOBS);
    for (const { job } of jobs) expect([job.id, ...brokenRules(job)]).toEqual([job.id]);
  });

  it('says of every event what happened', () => {
    for (const { job, events } of jobs) {
      expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: job.lastEvent }, (_, index) => index + 1));
      for (const event of events) expect([event.type, eventText(event)]).toEqual([event.type, expect.any(String)]);
      expect(events.map(eventText).filter((text) => text.includes('undefined'))).toEqual([]);
    }
  });

  it('keeps the idempotency keys, the labels and the quarantines', async () => {
    expect(await store.idempotencyEntry('key-12')).toMatchObject({ job: 'job-12' });
    expect(jobs.find(({ job }) => job.id === 'job-12')?.job.request.labels).toEqual({ team: 'blue', k: '12' });
    const quarantined = (await store.quarantines()).map(({ prover, cause }) => [prover, cause]);
    expect(quarantined).toContainEqual(['emil', 'drain']);
    expect(quarantined).toContainEqual(['anna', 'fault']);
  });

  it('has what a job would be written as now, and no name of before', async () => {
    const again = join(scratchFolder(), 'again.sqlite');
    const fresh = new SqliteStore(again);
    for (const { job, events } of jobs) {
      const changes = changesBetween(null, job, events);
      await fresh.commit({ jobs: [{ base: null, changes, idempotencyKey: null }], quarantined: [], released: [] });
    }
    await fresh.close();
    const migrated = join(scratchFolder(), 'migrated.sqlite');
    copyFileSync(EARLIER, migrated);
    await new SqliteStore(migrated).close();
    for (const [table, order] of [
      ['jobs', 'id'],
      ['runs', 'job_id'],
      ['events', 'job_id, seq'],
      ['assignments', 'job_id, epoch'],
      ['commitments', 'job_id, segment'],
    ] as const) {
      const kept = rowsOf(migrated, table, order);
      expect(JSON.stringify(kept).replaceAll('\\', '')).not.toMatch(RETIRED);
      expect(comparable(kept)).toEqual(comparable(rowsOf(again, table, order)));
    }
    const before = (table: string, column: string) => tally(rowsOf(EARLIER, table, '1'), column);
    const after = (table: string, column: string) => tally(rowsOf(migrated, table, '1'), column);
    expect(after('tasks', 'state')).toEqual(renamed(before('tasks', 'state'), { GRANTED: 'ASSIGNED' }));
    expect(after('commitments', 'kind')).toEqual(renamed(before('leaves', 'kind'), { settled: 'recomputed' }));
    expect(after('assignments', 'ended_as')).toEqual(
      renamed(before('grants', 'ended_as'), { round_over: 'attempt_over' }),
    );
    expect(after('proofs', 'attempt')).toEqual(before('proofs', 'round'));
  });
});
