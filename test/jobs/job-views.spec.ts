import type { JobId } from '../../src/domain/ids.js';
import { JobViews } from '../../src/coordinator/jobs/job-views.js';
import { MemoryStore } from '../../src/coordinator/store/memory/memory-store.js';
import type { EventQuery } from '../../src/coordinator/store/task-store.js';
import { planOf, prover } from '../domain/job-driver.js';
import { StoredJob } from '../store/conformance.js';
import { parseTaskKey } from '../../src/domain/job/task.js';
import { ManualTime } from '../support/manual-time.js';

/** Counts what is read of a job's events. */
class CountingStore extends MemoryStore {
  eventsRead = 0;

  override async events(query: EventQuery) {
    const events = await super.events(query);
    this.eventsRead += events.length;
    return events;
  }
}

let store: CountingStore;
let stored: StoredJob;
let views: JobViews;
let turns: number;

beforeEach(async () => {
  store = new CountingStore();
  turns = 0;
  const defer = {
    run: (task: () => void) => {
      turns += 1;
      task();
    },
  };
  // None of them is under way here: all is read from the store.
  views = new JobViews({ findCommitted: () => undefined }, store, new ManualTime().clock, defer);
  stored = await StoredJob.submit(store, 'long');
  await stored.apply({ kind: 'start_planning' });
  await stored.apply({ kind: 'planned', plan: planOf(2) });
});

/** Gives the tasks to a prover that hands them back, so often: two events each time. */
async function handBack(times: number): Promise<void> {
  const tasks = [parseTaskKey('contribute/1')];
  for (let count = 0; count < times; count += 1) {
    await stored.apply({ kind: 'assign', prover: prover('anna'), tasks, grade: 'primary', leaseMs: 1_000 });
    const epoch = stored.job.assignments.length as never;
    await stored.apply({ kind: 'hand_back', prover: prover('anna'), epoch });
  }
}

it('each event is read once, however often somebody looks', async () => {
  await views.of(stored.job.id);
  const before = store.eventsRead;
  expect(before).toBe(stored.job.lastEvent);
  await Promise.all([views.of(stored.job.id), views.of(stored.job.id)]);
  expect(store.eventsRead).toBe(before);
  await handBack(1);
  const { report, header } = await views.of(stored.job.id);
  expect(store.eventsRead).toBe(stored.job.lastEvent);
  expect([header.lastEvent, report.phases.at(-1)?.phase]).toEqual([stored.job.lastEvent, 'contribute']);
});

it('a long history is read in pages, and others have their turn between two', async () => {
  await handBack(210);
  await views.of(stored.job.id);
  expect(turns).toBe(Math.floor(stored.job.lastEvent / 200));
  expect(turns).toBeGreaterThan(1);
});

it('a job that is not there is said to be none', async () => {
  await expect(views.of('nobody' as JobId)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
});
