import { jobFacts, jobLines } from '../../src/cli/commands/jobs.command.js';
import { jobFailure, showUpdate } from '../../src/cli/network.js';
import { progressDisplay } from '../../src/cli/progress.js';
import { fromWireJob } from '../../src/client/job.js';
import { toJob } from '../../src/wire/proofs/job.js';
import { JobKit } from './job-kit.js';

/** The job as a client has it. */
async function seen(kit: JobKit, id: Parameters<JobKit['jobs']['get']>[0]) {
  const view = await kit.jobs.get(id);
  return fromWireJob({ ...toJob(view, () => 0), waitingFor: kit.scheduler.obstacle(view.header) ?? '' });
}

describe('a job as people see it', () => {
  it('[case: cancel-reason] says why it was cancelled: in status, watch and --json', async () => {
    const kit = await new JobKit().start();
    const { job } = await kit.submit();
    await kit.during(kit.jobs.cancel(job, 'budget used up'), 10);
    const shown = await seen(kit, job);
    expect(jobLines(shown)).toContain('  cancelled: budget used up');
    expect(jobFacts(shown)).toMatchObject({ state: 'cancelled', cancelReason: 'budget used up' });
    expect(jobFailure(shown)).toMatchObject({
      message: expect.stringContaining('was cancelled: budget used up'),
      details: { reason: 'budget used up' },
    });
  });

  it('[case: no-prover-connected] says that it waits because no prover is connected, until one is', async () => {
    const kit = await new JobKit().start();
    const { job } = await kit.submit();
    await kit.pass(10);
    const shown = await seen(kit, job);
    expect(shown.state).toBe('running');
    expect(jobLines(shown)).toContain('  waiting: no prover is connected');
    expect(jobFacts(shown)).toMatchObject({ waitingFor: 'no prover is connected' });
    const written: string[] = [];
    const terminal = {
      out: () => undefined,
      bytes: () => Promise.resolve(),
      err: (text: string) => void written.push(text),
      interactive: false,
      columns: 80,
    };
    const display = progressDisplay(terminal, () => 0);
    showUpdate(display, { sequence: 1, message: '', job: shown, running: [] });
    expect(written).toEqual(['waiting: no prover is connected\n']);
    kit.connect('anna');
    await kit.pass(10);
    const later = await seen(kit, job);
    expect(later.waitingFor).toBeNull();
    showUpdate(display, { sequence: 2, message: '', job: later, running: [] });
    expect(written[1]).toMatch(/^contribution +0 % /);
  });

  it('says that it waits where the one prover that is there was quarantined for it, and works on other jobs', async () => {
    const kit = await new JobKit().start();
    const { job } = await kit.submit();
    const mallory = kit.connect('mallory');
    await kit.pass(10);
    await kit.during(kit.bus.apply(job, { kind: 'exclude_prover', prover: mallory.id }), 10);
    expect((await seen(kit, job)).waitingFor).toBe('every connected prover is drained or quarantined');
    const { job: another } = await kit.submit();
    await kit.pass(10);
    expect((await seen(kit, another)).waitingFor).toBeNull();
  });
});
