import type { Epoch, JobId } from '../../src/domain/ids.js';
import { prover } from '../domain/job-driver.js';
import { SCHEDULER } from '../simulation/times.js';
import { FlakyStore, JobKit } from './job-kit.js';

const { leaseMs } = SCHEDULER.assignment;
const { graceMs, quietMs } = SCHEDULER.session;
const { acknowledgeMs, sweepMs } = SCHEDULER;

/** A job with so many segments, and its kit. */
async function withJob(segments = 1, change: Partial<Parameters<JobKit['submit']>[0]> = {}) {
  const kit = await new JobKit().start();
  kit.work.segments = segments;
  const { job } = await kit.submit(change);
  await kit.pass(5);
  return { kit, job };
}

async function causes(kit: JobKit, job: JobId): Promise<string[]> {
  const events = await kit.store.events({ job, after: 0, limit: 1_000 });
  return events.flatMap((event) => (event.type === 'assignment_ended' ? [event.cause] : []));
}

describe('a prover that connects', () => {
  it('gets its partition at once', async () => {
    const { kit } = await withJob();
    const anna = kit.connect('anna');
    await kit.soon();
    expect(anna.given).toEqual(['contribute/0', 'contribute/1']);
  });

  it('with the id of another takes its place; the older connection is told and closed', async () => {
    const { kit } = await withJob();
    const first = kit.connect('anna');
    const second = kit.connect('anna');
    expect(first.said).toEqual(['close replaced']);
    kit.scheduler.detach(first.session, 'gone');
    await kit.pass(graceMs + sweepMs);
    expect(second.given).toEqual(['contribute/0', 'contribute/1']);
    expect(kit.scheduler.session(second.id)?.id).toBe(second.session);
  });

  it('gets the next task in the same transaction that took its result', async () => {
    const store = new FlakyStore();
    const kit = await new JobKit(store).start();
    kit.work.segments = 3;
    const { job } = await kit.submit();
    const anna = kit.connect('anna');
    await kit.soon();
    for (const segment of [0, 1, 2, 3]) await anna.commitment(job, segment);
    await kit.pass(10);
    const before = store.commits.length;
    await anna.proof(job, 'prove/1/1');
    expect(store.commits.length).toBe(before + 1);
    expect(anna.given.slice(-1)).toEqual(['prove/1/3']);
  });
});

describe('a prover whose connection is lost', () => {
  it('and that returns within the grace keeps its work', async () => {
    const { kit, job } = await withJob();
    const anna = kit.connect('anna');
    await kit.soon();
    kit.scheduler.detach(anna.session, 'gone');
    await kit.pass(graceMs - 50);
    const back = kit.connect('anna', 1, { assignments: anna.assignments, restarted: false });
    await kit.pass(graceMs + sweepMs);
    expect([back.given, await causes(kit, job)]).toEqual([[], []]);
  });

  it('and that stays away loses it to another, which counts as a loss', async () => {
    const { kit, job } = await withJob();
    const anna = kit.connect('anna');
    await kit.soon();
    kit.scheduler.detach(anna.session, 'gone');
    const berta = kit.connect('berta');
    await kit.pass(graceMs + sweepMs + 5);
    expect(await causes(kit, job)).toEqual(['disconnected']);
    expect(berta.given).toEqual(['contribute/0', 'contribute/1']);
    expect((await kit.store.loadJob(job))?.run?.contribute.at(0)?.losses).toEqual(['anna']);
  });

  it('and that returns without its work has it back at once: not a loss for the same process, one for a new one', async () => {
    for (const restarted of [false, true]) {
      const { kit, job } = await withJob();
      kit.connect('anna');
      await kit.soon();
      const back = kit.connect('anna', 1, { assignments: [], restarted });
      await kit.soon();
      expect(await causes(kit, job)).toEqual(['not_held']);
      expect(back.given).toEqual(['contribute/0', 'contribute/1']);
      const losses = (await kit.store.loadJob(job))?.run?.contribute.at(0)?.losses;
      expect(losses).toEqual(restarted ? ['anna'] : []);
    }
  });

  it('and that returns with work that is not its own any more is told to abandon it', async () => {
    const { kit, job } = await withJob();
    const anna = kit.connect('anna');
    await kit.soon();
    kit.scheduler.detach(anna.session, 'gone');
    kit.connect('berta');
    await kit.pass(graceMs + sweepMs + 5);
    const back = kit.connect('anna', 1, {
      assignments: [...anna.assignments, { job, epoch: 99 as Epoch }],
      restarted: false,
    });
    expect(back.attached?.abandon).toHaveLength(2);
  });
});

describe('leases', () => {
  it('end for a prover that is silent, and go on for one that says what it holds', async () => {
    const { kit, job } = await withJob();
    const anna = kit.connect('anna');
    await kit.soon();
    for (let beat = 0; beat < 6; beat += 1) {
      anna.beat();
      await kit.pass(leaseMs / 2);
    }
    expect(await causes(kit, job)).toEqual([]);
    await kit.pass(leaseMs);
    expect((await causes(kit, job))[0]).toBe('lease_expired');
  });

  it('do not mind a wall clock that jumps', async () => {
    const { kit, job } = await withJob();
    const anna = kit.connect('anna');
    await kit.soon();
    for (const skewMs of [3_600_000, -3_600_000, 0]) {
      kit.host.skewMs = skewMs;
      anna.beat();
      await kit.pass(leaseMs / 2);
    }
    expect(await causes(kit, job)).toEqual([]);
  });

  it('of assignments whose arrival is not confirmed end soon, and count as nobody’s loss', async () => {
    const { kit, job } = await withJob();
    kit.connect('anna');
    await kit.pass(acknowledgeMs + sweepMs + 5);
    expect((await causes(kit, job))[0]).toBe('unacknowledged');
    expect((await kit.store.loadJob(job))?.run?.contribute.at(0)?.losses).toEqual([]);
  });

  it('end at once for an assignment that cannot be sent', async () => {
    const { kit, job } = await withJob();
    const anna = kit.connect('anna');
    anna.takes = false;
    await kit.soon();
    expect(await causes(kit, job)).toEqual(['unacknowledged']);
    anna.takes = true;
    await kit.pass(acknowledgeMs + sweepMs);
    expect(anna.given).toHaveLength(2);
  });

  it('are left alone for two leases after a start, and kept by provers that return with their work', async () => {
    const store = new FlakyStore();
    const before = await new JobKit(store).start();
    const { job } = await before.submit();
    const anna = before.connect('anna');
    await before.pass(5);
    before.host.kill();
    const after = await new JobKit(store).start();
    await after.pass(leaseMs * 1.5);
    expect(await causes(after, job)).toEqual([]);
    const back = after.connect('anna', 1, { assignments: anna.assignments, restarted: false });
    expect(back.attached?.abandon).toEqual([]);
    await after.pass(leaseMs * 0.4);
    expect([await causes(after, job), back.given]).toEqual([[], []]);
  });

  it('of provers that do not return after a start end after two leases', async () => {
    const store = new FlakyStore();
    const before = await new JobKit(store).start();
    const { job } = await before.submit();
    before.connect('anna');
    await before.pass(5);
    before.host.kill();
    const after = await new JobKit(store).start();
    await after.pass(leaseMs * 2 - 1);
    const berta = after.connect('berta');
    await after.pass(sweepMs + 5);
    expect(await causes(after, job)).toEqual(['lease_expired']);
    expect(berta.given).toEqual(['contribute/0', 'contribute/1']);
  });
});

describe('a prover', () => {
  it('that is quiet gets nothing new, and work as soon as it is heard again', async () => {
    const { kit } = await withJob();
    const anna = kit.connect('anna');
    anna.room = false;
    await kit.pass(quietMs + 10);
    anna.room = true;
    await kit.pass(sweepMs);
    expect(anna.given).toEqual([]);
    anna.beat();
    await kit.soon();
    expect(anna.given).toHaveLength(2);
  });

  it('whose outbound queue is full gets nothing until there is room', async () => {
    const { kit } = await withJob();
    const anna = kit.connect('anna');
    anna.room = false;
    await kit.soon();
    expect(anna.given).toEqual([]);
    anna.room = true;
    kit.scheduler.wake(anna.id);
    await kit.soon();
    expect(anna.given).toHaveLength(2);
  });

  it('that drains finishes what it has and gets nothing new; its partition moves on', async () => {
    const { kit, job } = await withJob(3);
    const anna = kit.connect('anna');
    await kit.soon();
    expect(kit.scheduler.drain(anna.id, 'maintenance')).toBe(true);
    expect(anna.said).toEqual(['drain']);
    const berta = kit.connect('berta');
    for (const segment of [0, 1, 2, 3]) await anna.commitment(job, segment);
    await kit.pass(10);
    expect(anna.given).toHaveLength(4);
    expect(berta.given.length).toBeGreaterThan(0);
    expect(kit.scheduler.drain(prover('nobody'), '')).toBe(false);
  });

  it('[case: drain-stays] sent home stays so, in a new process and at a new coordinator, until it is released', async () => {
    const store = new FlakyStore();
    const kit = await new JobKit(store).start();
    const { job } = await kit.submit();
    const anna = kit.connect('anna');
    await kit.pass(5);
    expect(await kit.during(kit.scheduler.sendHome(anna.id, 'maintenance'), 5)).toBe(true);
    expect(anna.said).toEqual(['drain']);
    for (const segment of [0, 1]) await anna.commitment(job, segment);
    kit.scheduler.detach(anna.session, 'it has left');
    const again = kit.connect('anna');
    await kit.pass(10);
    expect([again.given, again.said, again.attached?.quarantined]).toEqual([
      [],
      [],
      { cause: 'drain', reason: 'maintenance' },
    ]);
    const after = await new JobKit(store).start();
    const restarted = after.connect('anna');
    await after.pass(10);
    expect(restarted.given).toEqual([]);
    expect(await after.during(after.scheduler.release(restarted.id), 10)).toBe(true);
    expect(restarted.given.length).toBeGreaterThan(0);
    expect(await store.quarantines()).toEqual([]);
  });

  it('sent home that loses its connection meanwhile keeps what it has, and is asked to leave again', async () => {
    const { kit, job } = await withJob();
    const anna = kit.connect('anna');
    await kit.pass(5);
    await kit.during(kit.scheduler.sendHome(anna.id, 'maintenance'), 5);
    kit.scheduler.detach(anna.session, 'its connection broke');
    const back = kit.connect('anna', 1, { assignments: anna.assignments, restarted: false });
    await kit.pass(5);
    expect(back.said).toEqual(['drain']);
    expect(await causes(kit, job)).toEqual([]);
  });

  it('is sent home by name before it has come: it gets nothing when it does', async () => {
    const { kit } = await withJob();
    expect(await kit.during(kit.scheduler.sendHome(prover('anna'), 'broken fan'), 5)).toBe(false);
    const anna = kit.connect('anna');
    await kit.pass(10);
    expect([anna.given, anna.said]).toEqual([[], []]);
  });

  it('quarantined by an operator loses its work, in every job, until it is released', async () => {
    const store = new FlakyStore();
    const kit = await new JobKit(store).start();
    const { job } = await kit.submit();
    const anna = kit.connect('anna');
    await kit.pass(5);
    await kit.during(
      kit.scheduler.quarantine({ prover: anna.id, cause: 'fault', reason: 'overheated', job: null, sinceMs: 1 }),
      5,
    );
    expect(await causes(kit, job)).toEqual(['quarantined']);
    expect(await store.quarantines()).toMatchObject([{ prover: 'anna', reason: 'overheated' }]);
    expect(anna.said).toEqual(['revoke 1 contribute/0 contribute/1']);
    const other = await kit.submit();
    await kit.pass(5);
    expect(anna.given).toHaveLength(2);
    expect(await kit.during(kit.scheduler.release(anna.id), 5)).toBe(true);
    expect(anna.assignments.at(-1)?.job).toBe(other.job);
  });

  it('that was quarantined before a restart still is afterwards', async () => {
    const store = new FlakyStore();
    const before = await new JobKit(store).start();
    await before.during(
      before.scheduler.quarantine({ prover: prover('anna'), cause: 'fault', reason: 'x', job: null, sinceMs: 1 }),
    );
    const after = await new JobKit(store).start();
    await after.submit();
    const anna = after.connect('anna');
    await after.pass(5);
    expect([anna.given, anna.attached?.quarantined]).toEqual([[], { cause: 'fault', reason: 'x' }]);
  });

  it('learns that a job it worked on has ended', async () => {
    const { kit, job } = await withJob();
    const anna = kit.connect('anna');
    await kit.soon();
    await kit.during(kit.jobs.cancel(job, ''));
    expect(anna.said).toEqual(['job over']);
  });

  it('is sent its open assignments again when it asks, with what is left of them', async () => {
    const { kit, job } = await withJob();
    const anna = kit.connect('anna');
    await kit.soon();
    await anna.commitment(job, 0);
    const again = kit.scheduler.openAssignments(anna.id);
    expect(again.map(({ epoch, tasks }) => [epoch, tasks])).toEqual([[1, [{ kind: 'contribute', segment: 1 }]]]);
  });
});

describe('a coordinator that drains', () => {
  it('gives nothing new to anybody, and still takes results', async () => {
    const { kit, job } = await withJob();
    const anna = kit.connect('anna');
    await kit.soon();
    kit.scheduler.stopAssigning();
    expect(await anna.commitment(job, 0)).toMatchObject({ kind: 'accepted' });
    expect(await anna.commitment(job, 1)).toMatchObject({ kind: 'accepted' });
    await kit.pass(sweepMs);
    expect(anna.given).toHaveLength(2);
  });
});

describe('a whole job', () => {
  it('shared by two provers is completed with every segment proven once', async () => {
    const { kit, job } = await withJob(4, { computeUnits: 2 });
    const provers = [kit.connect('anna'), kit.connect('berta')];
    await kit.pass(5);
    for (const worker of provers) {
      for (const key of worker.given) await worker.commitment(job, Number(key.split('/')[1]));
    }
    await kit.pass(10);
    const done = new Set<string>();
    for (let turn = 0; turn < 20; turn += 1) {
      for (const worker of provers) {
        const key = worker.given.find((name) => !name.startsWith('contribute') && !done.has(name));
        if (key === undefined) continue;
        done.add(key);
        await worker.proof(job, key);
      }
    }
    const view = await kit.jobs.get(job);
    expect(view.header.status.kind).toBe('COMPLETED');
    expect(view.report.segmentsByProver.map(({ contributed, proven }) => [contributed > 0, proven > 0])).toEqual([
      [true, true],
      [true, true],
    ]);
    expect(view.report.segmentsByProver.reduce((sum, { proven }) => sum + proven, 0)).toBe(5);
    expect(view.progress).toMatchObject({ proofs: { done: 5, total: 5 }, aggregation: { done: 1, total: 1 } });
  });
});
