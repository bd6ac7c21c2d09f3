import type { Epoch, ProverId } from '../../src/domain/ids.js';
import { DEFAULT_ASSIGNMENT, type AssignmentOptions } from '../../src/domain/assignment/options.js';
import type { Move, ProverView } from '../../src/domain/assignment/assignment-input.js';
import { isLive } from '../../src/domain/job/assignment.js';
import type { JobId } from '../../src/domain/ids.js';
import { taskKey } from '../../src/domain/job/task.js';
import { commitmentsOf, NO_COMMITMENT } from '../../src/domain/job/assignment-content.js';
import { BothPolicies, type PolicyInput } from './both-policies.js';
import { defined, JobDriver, commitmentOf, prover } from './job-driver.js';

const view = (name: string, computeUnits = 1, protocol: ProverView['protocol'] = 'extended'): ProverView => ({
  prover: prover(name),
  computeUnits,
  protocol,
  resting: false,
  mayTake: () => true,
  hasRoom: () => true,
});

type More = Partial<PolicyInput> & { readonly options?: AssignmentOptions };

/** What the policies remember goes with the first job of a test. */
const policies = new WeakMap<JobDriver, BothPolicies>();

function assign(drivers: readonly JobDriver[], provers: readonly ProverView[], more: More = {}): Move[] {
  const { options = DEFAULT_ASSIGNMENT, ...rest } = more;
  const [first] = drivers;
  const both = (first && !more.options && policies.get(first)) || new BothPolicies(options);
  if (first) policies.set(first, both);
  const present = new Set<ProverId>(provers.map((entry) => entry.prover));
  const input = {
    jobs: drivers.map(({ job }) => job),
    provers,
    present,
    idleMs: () => 0,
    medianMs: () => null,
    ...rest,
  };
  return [...both.checkTimes(input), ...both.assign(input)];
}

/** Makes the moves and says who got what. */
function play(drivers: readonly JobDriver[], moves: readonly Move[]): Record<string, string[]> {
  const given: Record<string, string[]> = {};
  for (const { job, command } of moves) {
    const driver = drivers.find((entry) => entry.job.id === job);
    driver?.apply(command);
    if (command.kind !== 'assign') continue;
    const keys = command.tasks.map((ref) => (drivers.length > 1 ? `${job}:` : '') + taskKey(ref));
    given[command.prover] = [...(given[command.prover] ?? []), ...keys];
  }
  return given;
}

const round = (drivers: readonly JobDriver[], provers: readonly ProverView[], more: More = {}) =>
  play(drivers, assign(drivers, provers, more));

describe('the first allocation', () => {
  it('gives segment i to unit i mod units, and each unit to a prover', () => {
    const driver = new JobDriver({ computeUnits: 3 }).planned(7);
    expect(round([driver], [view('anna', 2), view('berta'), view('carla')])).toEqual({
      anna: ['contribute/0', 'contribute/3', 'contribute/6'],
      berta: ['contribute/1', 'contribute/4', 'contribute/7'],
      carla: ['contribute/2', 'contribute/5'],
    });
  });

  it('uses no more units than the job asked for', () => {
    const driver = new JobDriver({ computeUnits: 1 }).planned(3);
    expect(Object.keys(round([driver], [view('anna'), view('berta')]))).toEqual(['anna']);
  });

  it('starts with the provers that are there and lets them take the partitions nobody has', () => {
    const driver = new JobDriver({ computeUnits: 4 }).planned(3);
    const given = round([driver], [view('anna'), view('berta')]);
    expect(given['anna']).toEqual(expect.arrayContaining(['contribute/0']));
    expect([...defined(given['anna']), ...defined(given['berta'])].sort()).toHaveLength(4);
  });

  it('leaves partitions where they are while their provers are present, and moves those of the gone', () => {
    const driver = new JobDriver({ computeUnits: 2 }).planned(3);
    round([driver], [view('anna'), view('berta')]);
    driver.apply({ kind: 'end_assignment', epoch: 1 as Epoch, cause: 'disconnected', countsAsLoss: true });
    const berta = view('berta');
    expect(round([driver], [berta, view('carla')], { present: new Set([prover('berta'), prover('carla')]) })).toEqual({
      carla: ['contribute/0', 'contribute/2'],
    });
    expect(driver.run.allocation).toEqual(['carla', 'berta']);
  });
});

describe('assigning', () => {
  it('gives a unit one proof to work on and the next one, and no more', () => {
    const driver = new JobDriver({ computeUnits: 1 }).planned(5).challenged('anna');
    expect(round([driver], [view('anna')])).toEqual({ anna: ['prove/1/1', 'prove/1/2'] });
    expect(round([driver], [view('anna')])).toEqual({});
    driver.proof('anna', defined(driver.job.assignments.at(-1)).epoch, 'prove/1/1');
    expect(round([driver], [view('anna')])).toEqual({ anna: ['prove/1/3'] });
  });

  it('keeps the boundary, the shortest proof, for the end of its partition', () => {
    const driver = new JobDriver({ computeUnits: 3 }).planned(3).challenged('anna');
    expect(round([driver], [view('anna'), view('berta'), view('carla')])).toEqual({
      anna: ['prove/1/3', 'prove/1/0'],
      berta: ['prove/1/1'],
      carla: ['prove/1/2'],
    });
  });

  it('gives idle provers the boundary when nothing else is left', () => {
    const driver = new JobDriver({ computeUnits: 2 }).planned(6).challenged('anna');
    const both = [view('anna'), view('berta')];
    expect(round([driver], both)).toEqual({ anna: ['prove/1/2', 'prove/1/4'], berta: ['prove/1/1', 'prove/1/3'] });
    for (const key of ['prove/1/1', 'prove/1/3']) driverProof(driver, key);
    expect(round([driver], both)).toEqual({ berta: ['prove/1/5'] });
    driverProof(driver, 'prove/1/5');
    expect(round([driver], both)).toEqual({ berta: ['prove/1/6'] });
    driverProof(driver, 'prove/1/6');
    expect(round([driver], both)).toEqual({ berta: ['prove/1/0'] });
  });

  it('lets an idle prover take from another’s partition what its owner has no room for, from the far end', () => {
    const driver = new JobDriver({ computeUnits: 2 }).planned(9).challenged('anna');
    round([driver], [view('anna'), view('berta')]);
    const epoch = defined([...driver.job.assignments].findLast((assignment) => assignment.prover === 'berta')).epoch;
    for (const key of ['prove/1/1', 'prove/1/3']) driver.proof('berta', epoch, key);
    round([driver], [view('anna'), view('berta')]);
    for (const key of ['prove/1/5', 'prove/1/7']) driver.proof('berta', epoch + 1, key);
    round([driver], [view('anna'), view('berta')]);
    driver.proof('berta', epoch + 2, 'prove/1/9');
    expect(round([driver], [view('anna'), view('berta')])).toEqual({ berta: ['prove/1/8'] });
  });

  it('gives disputed segments to nobody', () => {
    const driver = new JobDriver({ computeUnits: 1 }).planned(1).challenged('anna');
    const epoch = driver.assignment('berta', ['prove/1/1']);
    const report = driver.header('berta', epoch, 'prove/1/1');
    driver.apply({ kind: 'dispute_commitment', report, commitment: commitmentOf(1, 'other') });
    expect(round([driver], [view('anna')])).toEqual({ anna: ['prove/1/0'] });
  });

  it('avoids a prover that cannot do a task while there is another, and leaves it to the coordinator when there is none', () => {
    const driver = new JobDriver({ computeUnits: 2 }).planned(1).challenged('anna');
    const report = driver.header('anna', driver.assignment('anna', ['prove/1/0']), 'prove/1/0');
    driver.apply({ kind: 'report_failure', report, reason: 'too little memory', retryable: false });
    driver.apply({ kind: 'allocate', allocation: [prover('anna'), prover('anna')] });
    expect(assign([driver], [view('anna', 2), view('berta')])).not.toContainEqual(
      expect.objectContaining({
        command: expect.objectContaining({ prover: 'anna', tasks: [{ kind: 'prove', attempt: 1, segment: 0 }] }),
      }),
    );
    const task = { kind: 'prove', attempt: 1, segment: 0 };
    const alone = assign([driver], [view('anna', 2)]);
    expect(alone).toContainEqual({ job: driver.job.id, command: { kind: 'take_over', task } });
  });

  it('leaves to the coordinator at once what the only prover failed at, though that one rests', () => {
    const driver = new JobDriver({ computeUnits: 1 }).planned(1).challenged('anna');
    const report = driver.header('anna', driver.assignment('anna', ['prove/1/0']), 'prove/1/0');
    driver.apply({ kind: 'report_failure', report, reason: 'too little memory', retryable: false });
    const resting = { ...view('anna'), resting: true };
    const task = { kind: 'prove', attempt: 1, segment: 0 };
    const takeOver = { job: driver.job.id, command: { kind: 'take_over', task } };
    expect(assign([driver], [resting])).toEqual([takeOver]);
    // One that is not barred does it when it has rested.
    expect(assign([driver], [resting, { ...view('berta'), resting: true }])).toEqual([]);
    expect(assign([driver], [])).toEqual([]);
  });
});

describe('several jobs', () => {
  const job = (id: string, request = {}) => {
    const driver = new JobDriver({ computeUnits: 1, ...request });
    driver.job = { ...driver.job, id: id as JobId };
    return driver;
  };

  it('share a prover at segment boundaries: the one that has less gets the next turn', () => {
    const long = job('long').planned(9).challenged('anna');
    round([long], [view('anna')]);
    const short = job('short').planned(1).challenged('anna');
    driverProof(long, 'prove/1/1');
    expect(round([long, short], [view('anna')])).toEqual({ anna: ['short:prove/1/1'] });
    driverProof(long, 'prove/1/2');
    expect(round([long, short], [view('anna')])).toEqual({ anna: ['long:prove/1/3'] });
  });

  it('go by priority first', () => {
    const low = job('low').planned(1).challenged('anna');
    const high = job('high', { priority: 5 }).planned(3).challenged('anna');
    expect(round([low, high], [view('anna')])).toEqual({ anna: ['high:prove/1/1', 'high:prove/1/2'] });
  });

  it('are spread over the least loaded provers', () => {
    const first = job('first').planned(2);
    const second = job('second').planned(2);
    round([first, second], [view('anna'), view('berta')]);
    expect([first.run.allocation, second.run.allocation]).toEqual([['anna'], ['berta']]);
  });
});

function driverProof(driver: JobDriver, key: string): void {
  const assignment = [...driver.job.assignments].findLast(
    (entry) => isLive(entry) && entry.tasks.some((ref) => taskKey(ref) === key),
  );
  const { prover: holder, epoch } = defined(assignment);
  driver.proof(holder, epoch, key);
}

describe('stragglers', () => {
  /** anna holds the last proof; berta has nothing to do. */
  function nearTheEnd() {
    const driver = new JobDriver({ computeUnits: 2 }).planned(1).challenged('anna');
    round([driver], [view('anna'), view('berta')]);
    driverProof(driver, 'prove/1/1');
    return driver;
  }

  it('are raced by an idle prover once they take much longer than usual', () => {
    const driver = nearTheEnd();
    const provers = [view('anna'), view('berta')];
    const { speculateFloorMs, speculateBlindMs } = DEFAULT_ASSIGNMENT;
    expect(round([driver], provers, { idleMs: () => speculateBlindMs - 1 })).toEqual({});
    expect(round([driver], provers, { idleMs: () => speculateFloorMs - 1, medianMs: () => 5 })).toEqual({});
    expect(round([driver], provers, { idleMs: () => 99_999, medianMs: () => 50_000 })).toEqual({});
    expect(round([driver], provers, { idleMs: () => 100_000, medianMs: () => 50_000 })).toEqual({
      berta: ['prove/1/0'],
    });
    expect(driver.task('prove/1/0').state).toMatchObject({ kind: 'ASSIGNED', speculative: expect.any(Number) });
    expect(round([driver], [...provers, view('carla')], { idleMs: () => 300_000 })).toEqual({});
  });

  it('that give nothing for very long while others wait are quarantined', () => {
    const driver = nearTheEnd();
    round([driver], [view('anna'), view('berta')], { idleMs: () => 600_000 });
    expect(driver.quarantined).toEqual(['anna']);
    expect(driver.task('prove/1/0').state.kind).toBe('READY');
  });
});

describe('third-party workers', () => {
  const worker = (name: string, computeUnits = 1) => view(name, computeUnits, 'baseline');
  const everything = (driver: JobDriver, name: string) => {
    const { epoch, tasks } = defined([...driver.job.assignments].findLast((assignment) => assignment.prover === name));
    for (const ref of tasks) {
      if (ref.kind === 'contribute') driver.commitment(name, epoch, ref.segment);
      else driver.proof(name, epoch, taskKey(ref));
    }
  };

  it('get a whole partition in one message in each phase', () => {
    const driver = new JobDriver({ computeUnits: 1 }).planned(40);
    expect(round([driver], [worker('zisk')])['zisk']).toHaveLength(41);
    expect(round([driver], [worker('zisk')])).toEqual({});
    everything(driver, 'zisk');
    driver.challenged();
    expect(round([driver], [worker('zisk')])['zisk']).toHaveLength(41);
  });

  it('own the boundary with unit 0', () => {
    const driver = new JobDriver({ computeUnits: 2 }).planned(3);
    expect(round([driver], [worker('zisk'), view('anna')])).toEqual({
      zisk: ['contribute/0', 'contribute/2'],
      anna: ['contribute/1', 'contribute/3'],
    });
  });

  it('work on one job at a time, between its phases too', () => {
    const [first, second] = ['j1', 'j2'].map((id) => {
      const driver = new JobDriver({ computeUnits: 1 });
      driver.job = { ...driver.job, id: id as JobId };
      return driver.planned(1);
    });
    const drivers = [defined(first), defined(second)];
    expect(round(drivers, [worker('zisk', 2)])).toEqual({ zisk: ['j1:contribute/0', 'j1:contribute/1'] });
    everything(defined(first), 'zisk');
    expect(round(drivers, [worker('zisk', 2)])).toEqual({});
    defined(first).apply({ kind: 'cancel', reason: 'enough' });
    expect(round([defined(second)], [worker('zisk', 2)])).toEqual({ zisk: ['contribute/0', 'contribute/1'] });
  });

  it('take a lost partition whole, after their own, and prove it under commitments of whoever made them', () => {
    const driver = new JobDriver({ computeUnits: 2 }).planned(5);
    const both = [worker('zisk'), worker('gone')];
    round([driver], both);
    everything(driver, 'zisk');
    everything(driver, 'gone');
    driver.challenged();
    round([driver], both);
    const lost = defined([...driver.job.assignments].findLast((assignment) => assignment.prover === 'gone'));
    driver.proof('gone', lost.epoch, 'prove/1/1');
    driver.apply({ kind: 'end_assignment', epoch: lost.epoch, cause: 'disconnected', countsAsLoss: true });
    expect(round([driver], [worker('zisk')])).toEqual({});
    everything(driver, 'zisk');
    expect(round([driver], [worker('zisk')])).toEqual({ zisk: ['prove/1/3', 'prove/1/5'] });
  });

  it('check commitments that others made, one partition at a time', () => {
    const driver = new JobDriver({ computeUnits: 2 }).planned(3);
    const both = [worker('zisk'), worker('berta')];
    round([driver], both);
    everything(driver, 'zisk');
    everything(driver, 'berta');
    driver.challenged();
    round([driver], both);
    everything(driver, 'zisk');
    everything(driver, 'berta');
    driver.apply({ kind: 'aggregate_locally' });
    driver.apply({ kind: 'aggregated_locally', attempt: driver.attempt, final: null });
    expect(driver.run.stage).toBe('AUDITING');
    expect(round([driver], both)).toEqual({
      zisk: ['contribute/1', 'contribute/3'],
      berta: ['contribute/0', 'contribute/2'],
    });
  });

  it('get nothing of a job that they may not take, and are not waited for', () => {
    const driver = new JobDriver({ computeUnits: 1 }).planned(1);
    const barred = { ...worker('zisk'), mayTake: () => false };
    expect(round([driver], [barred])).toEqual({});
    expect(round([driver], [barred, view('anna')])).toEqual({ anna: ['contribute/0', 'contribute/1'] });
  });

  const proven = () => new JobDriver({ computeUnits: 1 }).planned(1);
  const upToAggregation = (driver: JobDriver) => {
    round([driver], [worker('zisk')]);
    everything(driver, 'zisk');
    driver.challenged();
    round([driver], [worker('zisk')]);
    everything(driver, 'zisk');
    return driver;
  };

  it('aggregate where the final proof fits into a message', () => {
    const driver = upToAggregation(proven());
    expect(round([driver], [worker('zisk')])).toEqual({ zisk: ['aggregate/1'] });
  });

  it('leave the aggregation to the coordinator where it does not fit, or where they have no partition', () => {
    const driver = upToAggregation(proven());
    const combine = [{ job: 'job', command: { kind: 'aggregate_locally' } }];
    const options = { ...DEFAULT_ASSIGNMENT, publishedProofBytes: 10 };
    expect(assign([driver], [worker('zisk')], { options })).toEqual(combine);
    expect(assign([driver], [worker('other')], { present: new Set([prover('zisk')]) })).toEqual(combine);
  });

  it('leave the aggregation to a prover of ours, though it has no partition of the job', () => {
    const driver = upToAggregation(proven());
    expect(round([driver], [worker('zisk'), view('anna')])).toEqual({ anna: ['aggregate/1'] });
  });
});

describe('a simulated job', () => {
  it('is done by the first prover alone, the partition of the node and nothing else', () => {
    const driver = new JobDriver({ computeUnits: 3, simulatedNode: 1 }).planned(7);
    const provers = [view('anna'), view('berta', 4)];
    expect(round([driver], provers)).toEqual({ anna: ['contribute/1', 'contribute/4', 'contribute/7'] });
    expect(driver.run.allocation).toEqual([null, 'anna', null]);
    for (const segment of [1, 4, 7]) driver.commitment('anna', 1, segment);
    driver.challenged();
    expect(round([driver], provers)).toEqual({ anna: ['prove/1/1', 'prove/1/4'] });
    for (const key of ['prove/1/1', 'prove/1/4']) driver.proof('anna', 2, key);
    expect(round([driver], provers)).toEqual({ anna: ['prove/1/7'] });
    driver.proof('anna', 3, 'prove/1/7');
    expect(driver.job.status).toMatchObject({ kind: 'COMPLETED', final: null });
    expect(driver.run.aggregate).toBeNull();
  });

  it('goes to the next prover when the first is gone', () => {
    const driver = new JobDriver({ computeUnits: 3, simulatedNode: 1 }).planned(7);
    round([driver], [view('anna'), view('berta')]);
    driver.apply({ kind: 'end_assignment', epoch: 1 as Epoch, cause: 'disconnected', countsAsLoss: true });
    expect(round([driver], [view('berta')])).toEqual({ berta: ['contribute/1', 'contribute/4', 'contribute/7'] });
  });

  it('has a challenge that depends on its partition only', () => {
    const driver = new JobDriver({ computeUnits: 2, simulatedNode: 0 }).planned(3).challenged('anna');
    expect(commitmentsOf(driver.run)).toEqual([commitmentOf(0), NO_COMMITMENT, commitmentOf(2), NO_COMMITMENT]);
  });
});
