import { LeaseKeeper } from '../../src/coordinator/scheduler/lease-keeper.js';
import type { ProverEvent } from '../../src/coordinator/scheduler/prover-event.js';
import { taskKey } from '../../src/domain/job/task.js';
import { proofOf } from '../domain/job-driver.js';
import { SCHEDULER } from '../simulation/times.js';
import { JobKit, type FakeProver } from './job-kit.js';

const { sweepMs, taskTimeoutMs, proverWaitMs } = SCHEDULER;
const BEAT_MS = 200;

async function withJob(segments = 1) {
  const kit = await new JobKit().start();
  kit.work.segments = segments;
  const { job } = await kit.submit();
  await kit.pass(5);
  const told: ProverEvent[] = [];
  kit.scheduler.listen((event) => void told.push(event));
  const status = async () => (await kit.jobs.get(job)).header.status;
  return { kit, job, told, status };
}

/** Time passes while the prover says that it is there and works on everything it was assigned. */
async function beating(kit: JobKit, prover: FakeProver, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += BEAT_MS) {
    prover.beat();
    await kit.pass(Math.min(BEAT_MS, ms - passed));
  }
}

describe('a lone prover that beats and never has a result', () => {
  it('loses its work after the timeout, not sooner, and the coordinator does it', async () => {
    const { kit, job, status } = await withJob();
    const anna = kit.connect('anna');
    await kit.soon();
    await beating(kit, anna, taskTimeoutMs - sweepMs);
    expect(anna.said).toEqual([]);
    await beating(kit, anna, 3 * sweepMs);
    expect(anna.said).toEqual(['revoke 1 contribute/0 contribute/1']);
    await beating(kit, anna, 3 * taskTimeoutMs);
    const events = await kit.store.events({ job, after: 0, limit: 1000 });
    expect(events).toContainEqual(expect.objectContaining({ type: 'assignment_ended', cause: 'timed_out' }));
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'task_failed', task: 'contribute/1', reason: 'no result for too long' }),
    );
    expect(await status()).toMatchObject({ kind: 'COMPLETED' });
  });

  it('is quarantined after eight such tasks, and then the job ends with a reason that says so', async () => {
    const { kit, told, status } = await withJob(12);
    const anna = kit.connect('anna');
    await kit.soon();
    await beating(kit, anna, 6 * taskTimeoutMs + proverWaitMs);
    expect(told).toContainEqual(
      expect.objectContaining({ type: 'quarantined', prover: 'anna', reason: expect.stringContaining('8 tasks') }),
    );
    expect(await status()).toMatchObject({
      kind: 'FAILED',
      failure: {
        code: 'FAULTY_PROVERS',
        message: `every prover that worked on it was quarantined (anna), and no other came within ${proverWaitMs} ms`,
      },
    });
  });

  it('keeps its work where its own results usually take longer', async () => {
    const { kit, job } = await withJob(12);
    const anna = kit.connect('anna');
    await kit.soon();
    // As usual: a result in three quarters of the timeout.
    for (const segment of [0, 1, 2, 3]) {
      await beating(kit, anna, taskTimeoutMs * 0.75);
      expect(await anna.commitment(job, segment)).toMatchObject({ kind: 'accepted' });
    }
    await beating(kit, anna, taskTimeoutMs * 10);
    expect(anna.said).toEqual([]);
    expect(await anna.commitment(job, 4)).toMatchObject({ kind: 'accepted' });
  });

  it('that is a third-party worker has the timeout for each of the tasks that it answers at once', async () => {
    const { kit } = await withJob(3);
    const peer = kit.connect('peer', 1, { assignments: [], restarted: true }, 'baseline');
    await kit.soon();
    const tasks = peer.assignments.flatMap((assignment) => assignment.tasks.map(taskKey));
    expect(tasks).toHaveLength(4);
    const beat = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += BEAT_MS) {
        kit.scheduler.heard(peer.session, null);
        await kit.pass(BEAT_MS);
      }
    };
    await beat(taskTimeoutMs * 3.9);
    expect(peer.said).toEqual([]);
    await beat(taskTimeoutMs * 0.2);
    expect(peer.said).toEqual(['revoke 1 contribute/0 contribute/1 contribute/2 contribute/3']);
  });
});

describe('a job all of whose provers were quarantined', () => {
  async function disproved() {
    const context = await withJob();
    const { kit, job } = context;
    const mallory = kit.connect('mallory');
    await kit.soon();
    for (const segment of [0, 1]) await mallory.commitment(job, segment);
    await kit.pass(10);
    kit.work.bad.add(proofOf('forged').sha256);
    expect(await mallory.proof(job, 'prove/1/1', 'forged')).toMatchObject({ kind: 'rejected' });
    await beating(kit, mallory, 2 * sweepMs);
    return { ...context, mallory };
  }

  it('says so to operator and client, and fails after the wait', async () => {
    const { kit, job, told, status, mallory } = await disproved();
    expect(told).toContainEqual({ type: 'exhausted', job, provers: ['mallory'], waitMs: proverWaitMs });
    const { header } = await kit.jobs.get(job);
    expect(kit.scheduler.obstacle(header)).toBe(
      'every connected prover is drained or quarantined; the job fails in 6 s unless another prover comes',
    );
    await beating(kit, mallory, proverWaitMs - 4 * sweepMs);
    expect((await status()).kind).toBe('RUNNING');
    await beating(kit, mallory, 4 * sweepMs);
    expect(await status()).toMatchObject({ kind: 'FAILED', failure: { code: 'FAULTY_PROVERS' } });
    expect(told.filter(({ type }) => type === 'exhausted')).toHaveLength(1);
  });

  it('fails as well where they have left', async () => {
    const { kit, status, mallory } = await disproved();
    kit.scheduler.detach(mallory.session, 'gone');
    await kit.pass(proverWaitMs + 4 * sweepMs);
    expect(await status()).toMatchObject({ kind: 'FAILED', failure: { code: 'FAULTY_PROVERS' } });
  });

  it('goes on with a prover that comes meanwhile', async () => {
    const { kit, job, status } = await disproved();
    await kit.pass(proverWaitMs / 2);
    const anna = kit.connect('anna');
    await beating(kit, anna, 2 * proverWaitMs);
    expect(kit.scheduler.obstacle((await kit.jobs.get(job)).header)).toBeNull();
    for (const key of ['prove/1/1', 'prove/1/0', 'aggregate/1']) await anna.proof(job, key);
    await kit.pass(10);
    expect((await status()).kind).toBe('COMPLETED');
  });

  it('is told from one that has no prover yet, or whose prover is away: that waits without an end', async () => {
    const { kit, status } = await withJob();
    await kit.pass(10 * proverWaitMs);
    expect((await status()).kind).toBe('RUNNING');
    const anna = kit.connect('anna');
    await kit.soon();
    kit.scheduler.detach(anna.session, 'gone');
    await kit.pass(10 * proverWaitMs);
    expect((await status()).kind).toBe('RUNNING');
  });
});

describe('a prover that is lost again and again while it holds work', () => {
  it('rests ever longer, also when it comes back as another process', async () => {
    const { kit } = await withJob();
    const epochs = new Set<number>();
    for (let turn = 0; turn < 200; turn += 1) {
      const dropper = kit.connect('dropper');
      await kit.pass(50);
      for (const { epoch } of dropper.assignments) epochs.add(epoch);
      kit.scheduler.detach(dropper.session, 'gone');
      await kit.pass(SCHEDULER.session.graceMs + sweepMs);
    }
    expect(epochs.size).toBeGreaterThan(4);
    expect(epochs.size).toBeLessThan(30);
  });
});

describe('a prover that rests', () => {
  it('does not keep the units of a job from others', async () => {
    const { kit } = await withJob();
    for (let turn = 0; turn < 8; turn += 1) {
      kit.connect('dropper');
      await kit.pass(700);
    }
    // It is there, with the only unit of the job, and has nothing of it.
    const anna = kit.connect('anna');
    await kit.pass(2 * sweepMs);
    expect(anna.given).toEqual(['contribute/0', 'contribute/1']);
  });
});

describe('the lease keeper', () => {
  it('knows which assignments have given nothing for how long', () => {
    let nowMs = 0;
    const clock = { attentiveMs: () => nowMs, monotonicMs: () => nowMs, wallMs: () => nowMs };
    const leases = new LeaseKeeper(clock, 100);
    const sent = (epoch: number) => leases.sent({ job: 'job', epoch, prover: 'anna', leaseMs: 1e9 } as never);
    sent(1);
    nowMs = 50;
    sent(2);
    nowMs = 60;
    expect(leases.silentFor(60).map(({ epoch }) => epoch)).toEqual([1]);
    expect(leases.silentFor(10).map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(leases.silentFor(61)).toEqual([]);
  });
});
