import { HopelessWork } from '../../src/coordinator/jobs/job-work.js';
import { taskKey } from '../../src/domain/job/task.js';
import { REQUEST } from '../domain/job-driver.js';
import { JobKit, type FakeProver } from './job-kit.js';

const LIMIT = new HopelessWork('LIMIT_EXCEEDED', 'proof has 9 bytes; allowed: at most 8 (DISTRIBUTED_LIMIT_PROOF)');

/** Brings a job of one segment to where its tasks are with the provers. */
async function running(...names: readonly string[]) {
  const kit = await new JobKit().start();
  const provers = names.map((name) => kit.connect(name, 4));
  const { job } = await kit.submit();
  await kit.pass(10);
  return { kit, job, provers };
}

type Running = Awaited<ReturnType<typeof running>>;

/** Each prover says of every task it gets that it cannot do it. */
async function refuseAll({ kit, job, provers }: Running, code: string, retryable: boolean): Promise<number> {
  let reports = 0;
  for (let round = 0; round < 100; round += 1) {
    for (const { id, session, assignments } of provers) {
      kit.scheduler.heard(session, []);
      for (const { epoch, tasks } of assignments.splice(0)) {
        for (const task of tasks) {
          const report = { prover: id, epoch, task };
          const failure = { kind: 'report_failure', report, code, reason: `${code}: no`, retryable } as const;
          const { kind } = await kit.during(kit.jobs.report(job, failure), 5);
          if (kind === 'accepted') reports += 1;
        }
      }
    }
    await kit.pass(200);
  }
  return reports;
}

async function contributed({ kit, job, provers: [first] }: Running): Promise<void> {
  for (const segment of [0, 1]) await (first as FakeProver).commitment(job, segment);
  await kit.pass(10);
}

const statusOf = async ({ kit, job }: Running) => (await kit.jobs.get(job)).header.status;

describe('a task that no prover can do', () => {
  it.each([[['anna']], [['anna', 'berta']], [['anna', 'berta', 'carla', 'dora']]])(
    'is done by the coordinator, with provers %j: a prover’s word fails no job',
    async (names) => {
      const job = await running(...names);
      await refuseAll(job, 'internal', false);
      expect(await statusOf(job)).toMatchObject({ kind: 'COMPLETED' });
    },
  );

  it.each([[['anna']], [['anna', 'berta']]])(
    'is done by the coordinator as well where provers %j say that another try may succeed',
    async (names) => {
      const job = await running(...names);
      await refuseAll(job, 'out_of_memory', true);
      expect(await statusOf(job)).toMatchObject({ kind: 'COMPLETED' });
    },
  );

  it.each([[['anna']], [['anna', 'berta', 'carla']]])(
    '[case: proof-limit] and that the coordinator cannot do either fails the job with the reason, with provers %j',
    async (names) => {
      const job = await running(...names);
      await contributed(job);
      job.kit.work.refuses = LIMIT;
      const reports = await refuseAll(job, 'artifact_too_large', false);
      expect(await statusOf(job)).toMatchObject({
        kind: 'FAILED',
        failure: { code: 'LIMIT_EXCEEDED', message: expect.stringContaining('DISTRIBUTED_LIMIT_PROOF') },
      });
      expect(reports).toBeLessThanOrEqual(4);
    },
  );

  it('fails the job also where it is a contribution', async () => {
    const job = await running('anna');
    job.kit.work.refuses = new HopelessWork('KERNEL_FAILED', 'internal: impossible');
    await refuseAll(job, 'internal', false);
    expect(await statusOf(job)).toMatchObject({
      failure: { code: 'KERNEL_FAILED', message: 'recompute failed: internal: impossible' },
    });
  });
});

describe('a program or input that is gone', () => {
  it.each(['program', 'input'] as const)(
    '[case: file-deleted] (%s) fails the job at the first report of it, as what it is',
    async (name) => {
      const job = await running('anna');
      job.kit.work.missing.add(REQUEST[name]);
      expect(await refuseAll(job, 'artifact_missing', true)).toBe(0);
      expect(await statusOf(job)).toMatchObject({
        failure: { code: 'ARTIFACT_LOST', message: `the ${name} is gone` },
      });
    },
  );

  it('is not believed on a prover’s word', async () => {
    const job = await running('anna');
    const [anna] = job.provers;
    const assignment = anna?.assignments[0];
    if (!anna || !assignment) throw new Error('no task was assigned');
    const [task] = assignment.tasks;
    if (!task) throw new Error('the assignment is empty');
    const report = { prover: anna.id, epoch: assignment.epoch, task };
    const failure = {
      kind: 'report_failure',
      report,
      code: 'artifact_missing',
      reason: 'no',
      retryable: true,
    } as const;
    await job.kit.during(job.kit.jobs.report(job.job, failure), 50);
    expect((await statusOf(job)).kind).toBe('RUNNING');
    expect(anna.assignments.slice(1).flatMap(({ tasks }) => tasks.map(taskKey))).toContain(taskKey(task));
  });
});
