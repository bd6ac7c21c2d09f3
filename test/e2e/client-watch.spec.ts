// A client that watches more jobs at once than a connection takes streams, of a coordinator without provers.
import { ProofloomClient } from '../../src/client/proofloom-client.js';
import type { JobUpdate } from '../../src/client/job.js';
import { CoordinatorProcess } from '../../src/bench/network/coordinator-process.js';

const JOBS = 70;
const RUN_MS = 120_000;

async function lastState(watch: AsyncIterable<JobUpdate>): Promise<string | undefined> {
  let state: string | undefined;
  for await (const { job } of watch) state = job?.state ?? state;
  return state;
}

describe('a client that watches many jobs at once', () => {
  let coordinator: CoordinatorProcess;
  let client: ProofloomClient;

  beforeAll(async () => {
    coordinator = await CoordinatorProcess.start();
    client = new ProofloomClient(coordinator.url);
  }, RUN_MS);

  afterAll(async () => {
    client.close();
    await coordinator.stop();
  });

  it(
    'hears of each of them, and its other calls are answered',
    async () => {
      const submitted = Array.from({ length: JOBS }, () => client.submit({ program: Buffer.from('a program') }));
      const ids = (await Promise.all(submitted)).map(({ jobId }) => jobId);
      const enough = new AbortController();
      const watches = ids.map((id) => client.watch(id, { signal: enough.signal }));
      const first = await Promise.all(watches.map((watch) => watch.next()));
      expect(first.map(({ value }) => (value as { sequence: number }).sequence)).toEqual(ids.map(() => 1));
      // All of them are still watched.
      await expect(client.status()).resolves.toMatchObject({ activeJobs: JOBS });
      await Promise.all(ids.map((id) => client.cancel(id)));
      const ends = await Promise.all(watches.map(lastState));
      expect(ends).toEqual(ids.map(() => 'cancelled'));
    },
    RUN_MS,
  );
});
