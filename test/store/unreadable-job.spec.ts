import { join } from 'node:path';
import type { LoggerService } from '@nestjs/common';
import Database from 'better-sqlite3';
import { NetworkLog } from '../../src/coordinator/events/network-log.js';
import { SqliteStore } from '../../src/coordinator/store/sqlite/sqlite-store.js';
import type { JobId } from '../../src/domain/ids.js';
import { JobKit } from '../jobs/job-kit.js';
import { scratchFolder } from '../support/program.js';

const ALL = { states: [], labels: {}, after: null, limit: 100 } as const;

/** Two jobs that provers work on and one that waits, left by a coordinator that was killed. */
async function leftBehind() {
  const path = join(scratchFolder(), 'coordinator.sqlite');
  const store = new SqliteStore(path);
  const kit = await new JobKit(store, { maxActive: 2 }).start();
  const prover = kit.connect('anna', 4);
  const jobs: JobId[] = [];
  for (let index = 0; index < 3; index += 1) jobs.push((await kit.submit({ deadlineMs: null })).job);
  await kit.pass(10);
  const [damaged, whole, waiting] = jobs;
  if (!damaged || !whole || !waiting) throw new Error('no jobs');
  for (const segment of [0, 1]) await prover.commitment(damaged, segment);
  await kit.pass(10);
  await store.close();
  return { path, damaged, whole, waiting };
}

function damage(path: string, sql: string, job: JobId): void {
  const database = new Database(path);
  expect(database.prepare(sql).run({ job }).changes).toBe(1);
  database.close();
}

/** Starts a coordinator on what is left, with the lines of its log at warn and above. */
async function restarted(path: string) {
  const store = new SqliteStore(path);
  const said: string[] = [];
  const write = (record: { readonly sentence?: string; readonly message: string }) =>
    void said.push(record.sentence ?? record.message);
  const kit = new JobKit(store, { maxActive: 2 });
  const logger: LoggerService = { log: () => undefined, warn: write, error: write };
  new NetworkLog(logger).follow(kit.bus, kit.scheduler);
  await kit.start();
  await kit.pass(10);
  return { kit, store, said };
}

const DAMAGES: readonly (readonly [string, string, RegExp])[] = [
  [
    'an assignment is missing',
    'DELETE FROM assignments WHERE job_id = @job AND epoch = 1',
    /lacks the row of assignment 1/,
  ],
  ['a task is missing', "DELETE FROM tasks WHERE job_id = @job AND task_key = 'prove/1/1'", /prove\/1\/1 is missing/],
  [
    'a task’s state is none',
    "UPDATE tasks SET state = 'REDY' WHERE job_id = @job AND task_key = 'prove/1/1'",
    /"REDY"/,
  ],
  [
    'a task names no live assignment',
    `UPDATE tasks SET state = 'ASSIGNED', state_detail = '{"primary":1,"speculative":null}'
    WHERE job_id = @job AND task_key = 'prove/1/1'`,
    /epoch 1, which is not live/,
  ],
  [
    'a task’s name is none',
    "UPDATE tasks SET task_key = 'prove/x' WHERE job_id = @job AND task_key = 'prove/1/1'",
    /prove\/x/,
  ],
  ['the request is cut', `UPDATE jobs SET request = '{"program":' WHERE id = @job`, /JSON/],
  ['the run is cut', `UPDATE runs SET run = '{"stage":' WHERE job_id = @job`, /JSON/],
  ['the stage is none', `UPDATE runs SET run = json_set(run, '$.stage', 'BAKING') WHERE job_id = @job`, /"BAKING"/],
  ['the plan is missing', 'DELETE FROM runs WHERE job_id = @job', /no plan/],
  ['the output is missing', 'UPDATE runs SET output = NULL WHERE job_id = @job', /output/],
  ['the status is none', "UPDATE jobs SET status = 'RUNING' WHERE id = @job", /"RUNING"/],
  ['the excluded provers are cut', "UPDATE jobs SET excluded = '[' WHERE id = @job", /JSON/],
];

describe('a job that cannot be restored from the store', () => {
  it.each(DAMAGES)('because %s is ended with the reason, and the others go on', async (_what, sql, why) => {
    const { path, damaged, whole, waiting } = await leftBehind();
    damage(path, sql, damaged);
    const { kit, store, said } = await restarted(path);
    expect(said).toEqual([expect.stringMatching(why)]);
    expect(said[0]).toMatch(
      new RegExp(`^job ${damaged} cannot be read from .*STATE_LOST.*what to do: submit it again`),
    );
    expect((await kit.jobs.get(damaged)).header.status).toMatchObject({
      kind: 'FAILED',
      failure: { code: 'STATE_LOST', message: expect.stringMatching(why) },
    });
    const events = await store.events({ job: damaged, after: 0, limit: 1000 });
    expect(events.at(-1)).toMatchObject({ type: 'failed', seq: events.length, failure: { code: 'STATE_LOST' } });
    // Its place is free: the one that waited is taken up.
    expect(kit.bus.active().map(({ id }) => id)).toEqual([whole, waiting]);
    expect(kit.bus.open).toBe(2);
    const listed = (await kit.jobs.list(ALL)).jobs.map(({ id, status }) => [id, status.kind]);
    expect(listed).toEqual([
      [waiting, expect.stringMatching(/PLANNING|RUNNING/)],
      [whole, 'RUNNING'],
      [damaged, 'FAILED'],
    ]);
    await store.close();
    const again = await restarted(path);
    expect(again.said).toEqual([]);
    await again.store.close();
  });

  it('is ended as well while it waits, and does not block those behind it', async () => {
    const { path, damaged, whole, waiting } = await leftBehind();
    damage(path, "UPDATE jobs SET request = '{', priority = 9 WHERE id = @job", waiting);
    const { kit, store, said } = await restarted(path);
    const { job } = await kit.submit();
    await kit.during(kit.jobs.cancel(damaged, 'to make room'), 10);
    await kit.pass(1_000);
    expect(said).toEqual([expect.stringContaining(`job ${waiting} cannot be read`)]);
    expect((await kit.jobs.get(waiting)).header.status).toMatchObject({ failure: { code: 'STATE_LOST' } });
    expect(kit.bus.active().map(({ id }) => id)).toEqual([whole, job]);
    expect(kit.bus.open).toBe(2);
    await store.close();
  });

  it('ends for a watcher as any failed job does', async () => {
    const { path, damaged } = await leftBehind();
    damage(path, 'UPDATE runs SET output = NULL WHERE job_id = @job', damaged);
    const { kit, store } = await restarted(path);
    const seen: string[] = [];
    for await (const { events } of kit.jobs.watch(damaged, 0, new AbortController().signal)) {
      seen.push(...events.map(({ type }) => type));
    }
    expect(seen.at(-1)).toBe('failed');
    await store.close();
  });

  it('that has ended already keeps its end, and what can be read of it', async () => {
    const { path, damaged, whole } = await leftBehind();
    const first = await restarted(path);
    await first.kit.during(first.kit.jobs.cancel(damaged, 'not wanted'), 10);
    await first.store.close();
    damage(path, "UPDATE runs SET run = '{' WHERE job_id = @job", damaged);
    const { kit, store, said } = await restarted(path);
    expect(said).toEqual([]);
    const { header } = await kit.jobs.get(damaged);
    expect([header.status.kind, header.run]).toEqual(['CANCELLED', null]);
    expect(kit.bus.active().map(({ id }) => id)).toContain(whole);
    await store.close();
  });
});
