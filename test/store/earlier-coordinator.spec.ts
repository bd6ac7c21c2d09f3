// A whole coordinator on the data folder of version 0.1: what that version proved is still there to be had.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ProofloomClient } from '../../src/client/index.js';
import { ContentStore } from '../../src/content/content-store.js';
import { SystemRandom } from '../../src/lifecycle/random.js';
import { ScriptedCoordinator } from '../third-party/scripted-coordinator.js';
import { ROOT } from '../support/program.js';

const PROOF = readFileSync(join(ROOT, 'kernel/vm/tests/golden/fibonacci_v3.plm'));
const SHA256 = createHash('sha256').update(PROOF).digest('hex');
/** Completed in the recorded database; the ends of all jobs are counted there. */
const COMPLETED_JOB = 'job-12';
const ENDED = { completed: 9, failed: 5, cancelled: 2 };
const JOBS = 47;

/** The database that the earlier version wrote, and the proof of one of its jobs, which was not recorded with it. */
async function earlierData(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'coordinator.sqlite');
  copyFileSync(join(import.meta.dirname, 'earlier', '0.1.sqlite'), path);
  const content = new ContentStore({ folder: join(folder, 'artifacts'), maxBytes: PROOF.length }, new SystemRandom());
  await content.putBytes(PROOF);
  const database = new Database(path);
  const final = JSON.stringify({ sha256: SHA256, size: PROOF.length });
  database
    .prepare("UPDATE jobs SET status_detail = json_set(status_detail, '$.final', json(?)) WHERE id = ?")
    .run(final, COMPLETED_JOB);
  database.close();
}

describe('a coordinator that is started on the data of version 0.1', () => {
  let coordinator: ScriptedCoordinator;
  let client: ProofloomClient;

  beforeAll(async () => {
    coordinator = await ScriptedCoordinator.start({ segments: 3, seedData: earlierData });
    client = new ProofloomClient(`http://${coordinator.address}`);
  });

  afterAll(async () => {
    client.close();
    await coordinator.stop();
  });

  it('lists its jobs, and those that had ended as they ended', async () => {
    const names = Object.keys(ENDED) as (keyof typeof ENDED)[];
    const jobs = [];
    for await (const job of client.list()) jobs.push(job);
    expect(jobs).toHaveLength(JOBS);
    for (const name of names) {
      const ended = jobs.filter(({ state }) => state === name);
      expect([name, ended.length >= ENDED[name]]).toEqual([name, true]);
    }
  });

  it('serves the proof that a job of it gave', async () => {
    const job = await client.get(COMPLETED_JOB);
    expect(job).toMatchObject({ state: 'completed', proof: { sha256: SHA256, size: PROOF.length } });
    expect(Buffer.from(await client.downloadProof(job)).equals(PROOF)).toBe(true);
  });

  it('tells what happened to a job of it', async () => {
    const sequences: number[] = [];
    for await (const update of client.watch(COMPLETED_JOB)) {
      sequences.push(update.sequence);
      expect(update.message).not.toContain('undefined');
    }
    expect(sequences).toEqual(Array.from({ length: sequences.length }, (_, index) => index + 1));
    expect(sequences.length).toBeGreaterThan(3);
  });

  it('takes new work', async () => {
    const { jobId } = await client.submit({ program: coordinator.program, input: coordinator.input });
    await expect(client.get(jobId)).resolves.toMatchObject({ id: jobId });
  });
});
