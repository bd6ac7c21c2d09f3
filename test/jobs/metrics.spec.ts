import { CoordinatorMetrics } from '../../src/coordinator/metrics/coordinator-metrics.js';
import { NetworkMetrics } from '../../src/coordinator/metrics/network-metrics.js';
import { JobKit } from './job-kit.js';

async function counted() {
  const kit = new JobKit();
  const metrics = new CoordinatorMetrics();
  new NetworkMetrics(metrics).follow(kit.bus, kit.scheduler);
  await kit.start();
  /** The value of one line of what is scraped. */
  const value = async (line: string): Promise<number> => {
    const text = await metrics.registry.metrics();
    const found = text.split('\n').find((entry) => entry.startsWith(`${line} `));
    if (found === undefined) throw new Error(`no line ${line} in\n${text}`);
    return Number(found.slice(line.length));
  };
  return { kit, value };
}

describe('the metrics of a coordinator', () => {
  it('count a job that completes: its phases, its results, its end', async () => {
    const { kit, value } = await counted();
    const anna = kit.connect('anna');
    const { job } = await kit.submit();
    await kit.pass(10);
    for (const segment of [0, 1]) await anna.commitment(job, segment);
    await kit.pass(200);
    for (const segment of [0, 1]) await anna.proof(job, `prove/1/${segment}`);
    await kit.pass(10);
    await anna.proof(job, 'aggregate/1', 'final');
    await kit.pass(10);
    await expect(value('coordinator_jobs_submitted_total')).resolves.toBe(1);
    await expect(value('coordinator_jobs_total{result="completed"}')).resolves.toBe(1);
    await expect(value('coordinator_jobs_total{result="failed"}')).resolves.toBe(0);
    await expect(value('coordinator_task_results_total{phase="contributions",result="done"}')).resolves.toBe(2);
    await expect(value('coordinator_task_results_total{phase="prove",result="done"}')).resolves.toBe(2);
    await expect(value('coordinator_worker_events_total{event="registered"}')).resolves.toBe(1);
    await expect(value('coordinator_job_cycles_total')).resolves.toBeGreaterThan(0);
    for (const phase of ['planning', 'contributions', 'prove', 'aggregate']) {
      await expect(value(`coordinator_phase_duration_seconds_count{phase="${phase}"}`)).resolves.toBe(1);
    }
    const proving = await value('coordinator_phase_duration_seconds_sum{phase="prove"}');
    expect(proving).toBeGreaterThanOrEqual(0.2);
    await expect(value('coordinator_job_duration_seconds_sum{result="completed"}')).resolves.toBeGreaterThan(proving);
  });

  it('count what fails, by its code, and what is cancelled', async () => {
    const { kit, value } = await counted();
    kit.work.outcome = { kind: 'guest_failed', reason: 'exit code 1' };
    await kit.submit();
    await kit.pass(10);
    kit.work.outcome = null;
    const { job } = await kit.submit();
    await kit.during(kit.jobs.cancel(job, 'not wanted'), 5);
    await expect(value('coordinator_jobs_total{result="failed"}')).resolves.toBe(1);
    await expect(value('coordinator_job_failures_total{code="GUEST_FAILED"}')).resolves.toBe(1);
    await expect(value('coordinator_jobs_total{result="cancelled"}')).resolves.toBe(1);
    await expect(value('coordinator_store_commit_duration_seconds_count')).resolves.toBeGreaterThan(2);
  });
});
