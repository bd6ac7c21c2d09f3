import type { PlanRun } from '../../src/coordinator/jobs/job-work.js';
import type { JobState } from '../../src/domain/job/job-state.js';
import { planOf } from '../domain/job-driver.js';
import { FlakyStore, JobKit } from './job-kit.js';

const RUN_MS = 50;
const kindOf = async (kit: JobKit, job: Awaited<ReturnType<JobKit['submit']>>['job']) =>
  (await kit.jobs.get(job)).header.status.kind;

/** A coordinator that plans one job at a time, each run for 50 ms; a job with the label `loops` never comes to an end. */
async function planning() {
  const kit = await new JobKit(new FlakyStore(), { maxActive: 256 }).start();
  const runs: { readonly job: string; readonly maxCycles: number }[] = [];
  const stopped: string[] = [];
  kit.work.planning = (job: JobState, { maxCycles, signal }: PlanRun) =>
    new Promise((resolve, reject) => {
      const name = job.request.labels['name'] ?? '';
      runs.push({ job: name, maxCycles });
      signal.addEventListener('abort', () => {
        stopped.push(name);
        reject(new Error('stopped'));
      });
      const outcome = name.startsWith('loop') ? { kind: 'unfinished' } : { kind: 'planned', plan: planOf(1) };
      kit.host.timers.after(RUN_MS, () => resolve(outcome as Awaited<ReturnType<typeof kit.work.plan>>));
    });
  const submit = (name: string) => kit.submit({ labels: { name } });
  return { kit, runs, stopped, submit };
}

describe('plans', () => {
  it('are made anew with eight times the cycles where a program does not come to its end', async () => {
    const { kit, runs, submit } = await planning();
    await submit('loop');
    await kit.pass(3 * RUN_MS);
    expect(runs.slice(0, 3).map(({ maxCycles }) => maxCycles)).toEqual([2 ** 24, 2 ** 27, 2 ** 30]);
  });

  it('of short programs do not wait for those of programs that loop', async () => {
    const { kit, submit } = await planning();
    for (let index = 0; index < 30; index += 1) await submit(`loop ${index}`);
    // Of four turns one is the first job's: by now each has had one.
    await kit.pass(45 * RUN_MS);
    const { job } = await submit('short');
    // The run that is under way, and one that has waited for longest.
    await kit.pass(4 * RUN_MS);
    expect(await kindOf(kit, job)).toBe('RUNNING');
  });

  it('of long programs have their turn while short ones keep coming', async () => {
    const { kit, runs, submit } = await planning();
    await submit('loop');
    for (let index = 0; index < 20; index += 1) await submit(`short ${index}`);
    await kit.pass(15 * RUN_MS);
    expect(runs.filter(({ job }) => job === 'loop').length).toBeGreaterThanOrEqual(3);
  });

  it('hold up nothing else of other jobs', async () => {
    const { kit, submit } = await planning();
    const anna = kit.connect('anna');
    const { job } = await submit('short');
    await kit.pass(2 * RUN_MS);
    for (let index = 0; index < 30; index += 1) await submit(`loop ${index}`);
    for (const segment of [0, 1]) await anna.commitment(job, segment);
    await kit.soon();
    expect(anna.given).toContain('prove/1/1');
  });

  it('end when their job is cancelled, and the next one begins', async () => {
    const { kit, runs, stopped, submit } = await planning();
    const { job } = await submit('loop');
    await submit('next');
    await kit.during(kit.jobs.cancel(job, 'not wanted'), 5);
    expect(stopped).toEqual(['loop']);
    expect(runs.map(({ job: name }) => name)).toEqual(['loop', 'next']);
    expect(await kindOf(kit, job)).toBe('CANCELLED');
  });
});
