import { taskKey } from '../../src/domain/job/task.js';
import { JobKit, type FakeProver } from './job-kit.js';

async function withJob() {
  const kit = await new JobKit().start();
  const { job } = await kit.submit();
  await kit.pass(5);
  return { kit, job };
}

describe('a prover whose assignments come to nothing', () => {
  const MINUTE_MS = 60_000;

  /** How often it was assigned something within the first and the second two minutes. */
  async function assignedTo(anna: FakeProver, kit: JobKit, react: () => unknown): Promise<number[]> {
    const counts: number[] = [];
    let reacted = 0;
    for (const end of [2, 4]) {
      const endMs = end * MINUTE_MS;
      while (kit.host.clock.monotonicMs() < endMs) {
        if (anna.assignments.length > reacted) {
          reacted = anna.assignments.length;
          await react();
        }
        await kit.pass(100);
        kit.scheduler.heard(anna.session, []);
      }
      counts.push(anna.assignments.length);
    }
    return counts;
  }

  it('as it gives them back at once, rests ever longer between them, until it has a result', async () => {
    const { kit, job } = await withJob();
    const anna = kit.connect('anna');
    await kit.soon();
    const handBack = () =>
      kit.during(kit.bus.apply(job, { kind: 'hand_back', prover: anna.id, epoch: lastOf(anna).epoch }));
    const [first = 0, second = 0] = await assignedTo(anna, kit, handBack);
    expect(first).toBeGreaterThan(3);
    expect(first).toBeLessThan(12);
    expect(second - first).toBeLessThanOrEqual(2);
  });

  it('as it connects again and again without them, rests as well', async () => {
    const { kit } = await withJob();
    const assigned = new Set<number>();
    for (let turn = 0; turn < 300; turn += 1) {
      const anna = kit.connect('anna', 1, { assignments: [], restarted: false });
      await kit.pass(100);
      for (const { epoch } of anna.assignments) assigned.add(epoch);
    }
    expect(assigned.size).toBeGreaterThan(3);
    expect(assigned.size).toBeLessThan(10);
  });

  it('and that has a result is assigned the next at once', async () => {
    const { kit, job } = await withJob();
    const anna = kit.connect('anna');
    await kit.soon();
    const { epoch, tasks } = lastOf(anna);
    const [task] = tasks;
    if (!task) throw new Error('the assignment is empty');
    const report = { prover: anna.id, epoch, task };
    await kit.during(kit.jobs.report(job, { kind: 'report_failure', report, reason: 'no', retryable: true }), 5);
    await anna.commitment(job, 1);
    await kit.soon();
    expect(anna.given.filter((key) => key === taskKey(task))).toHaveLength(2);
  });
});

function lastOf({ assignments }: FakeProver) {
  const last = assignments.at(-1);
  if (!last) throw new Error('nothing was assigned');
  return last;
}
