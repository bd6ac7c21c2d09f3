import type { Epoch, ProverId } from '../../src/domain/ids.js';
import { assign } from '../../src/domain/assignment/assign.js';
import { DEFAULT_ASSIGNMENT } from '../../src/domain/assignment/options.js';
import type { AssignmentView, Move, ProverView } from '../../src/domain/assignment/view.js';
import { isLive } from '../../src/domain/job/grant.js';
import type { JobId } from '../../src/domain/ids.js';
import { taskKey } from '../../src/domain/job/task.js';
import { defined, JobDriver, leafOf, prover } from './job-driver.js';

const view = (name: string, computeUnits = 1, dialect: ProverView['dialect'] = 'extended'): ProverView => ({
  prover: prover(name),
  computeUnits,
  dialect,
  mayTake: () => true,
});

function viewOf(drivers: readonly JobDriver[], provers: readonly ProverView[], more: Partial<AssignmentView> = {}) {
  const present = new Set<ProverId>(provers.map((entry) => entry.prover));
  const jobs = drivers.map((driver) => driver.job);
  return { jobs, provers, present, idleMs: () => 0, usualMs: () => null, options: DEFAULT_ASSIGNMENT, ...more };
}

/** Makes the moves and says who got what. */
function play(drivers: readonly JobDriver[], moves: readonly Move[]): Record<string, string[]> {
  const given: Record<string, string[]> = {};
  for (const { job, command } of moves) {
    const driver = drivers.find((entry) => entry.job.id === job);
    driver?.apply(command);
    if (command.kind !== 'grant') continue;
    const keys = command.tasks.map((ref) => (drivers.length > 1 ? `${job}:` : '') + taskKey(ref));
    given[command.prover] = [...(given[command.prover] ?? []), ...keys];
  }
  return given;
}

const round = (drivers: readonly JobDriver[], provers: readonly ProverView[], more: Partial<AssignmentView> = {}) =>
  play(drivers, assign(viewOf(drivers, provers, more)));

describe('the first dealing', () => {
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

  it('starts with the provers that are there and lets them take the shares nobody has', () => {
    const driver = new JobDriver({ computeUnits: 4 }).planned(3);
    const given = round([driver], [view('anna'), view('berta')]);
    expect(given['anna']).toEqual(expect.arrayContaining(['contribute/0']));
    expect([...defined(given['anna']), ...defined(given['berta'])].sort()).toHaveLength(4);
  });

  it('leaves shares where they are while their provers are present, and moves those of the gone', () => {
    const driver = new JobDriver({ computeUnits: 2 }).planned(3);
    round([driver], [view('anna'), view('berta')]);
    driver.apply({ kind: 'end_grant', epoch: 1 as Epoch, cause: 'disconnected', countsAsLoss: true });
    const berta = view('berta');
    expect(round([driver], [berta, view('carla')], { present: new Set([prover('berta'), prover('carla')]) })).toEqual({
      carla: ['contribute/0', 'contribute/2'],
    });
    expect(driver.run.dealing).toEqual(['carla', 'berta']);
  });
});

describe('handing out', () => {
  it('gives a unit one proof to work on and the next one, and no more', () => {
    const driver = new JobDriver({ computeUnits: 1 }).planned(5).challenged('anna');
    expect(round([driver], [view('anna')])).toEqual({ anna: ['prove/1/0', 'prove/1/1'] });
    expect(round([driver], [view('anna')])).toEqual({});
    driver.proof('anna', defined(driver.job.grants.at(-1)).epoch, 'prove/1/0');
    expect(round([driver], [view('anna')])).toEqual({ anna: ['prove/1/2'] });
  });

  it('lets an idle prover take from another’s share what its owner has no room for, from the far end', () => {
    const driver = new JobDriver({ computeUnits: 2 }).planned(9).challenged('anna');
    round([driver], [view('anna'), view('berta')]);
    const epoch = defined(driver.job.grants.findLast((grant) => grant.prover === 'berta')).epoch;
    for (const key of ['prove/1/1', 'prove/1/3']) driver.proof('berta', epoch, key);
    round([driver], [view('anna'), view('berta')]);
    for (const key of ['prove/1/5', 'prove/1/7']) driver.proof('berta', epoch + 1, key);
    round([driver], [view('anna'), view('berta')]);
    driver.proof('berta', epoch + 2, 'prove/1/9');
    expect(round([driver], [view('anna'), view('berta')])).toEqual({ berta: ['prove/1/8'] });
  });

  it('gives disputed segments to nobody', () => {
    const driver = new JobDriver({ computeUnits: 1 }).planned(1).challenged('anna');
    const epoch = driver.grant('berta', ['prove/1/1']);
    const report = driver.header('berta', epoch, 'prove/1/1');
    driver.apply({ kind: 'dispute_leaf', report, leaf: leafOf(1, 'other') });
    expect(round([driver], [view('anna')])).toEqual({ anna: ['prove/1/0'] });
  });

  it('avoids a prover that cannot do a task while there is another, and tries again when there is none', () => {
    const driver = new JobDriver({ computeUnits: 2 }).planned(1).challenged('anna');
    const report = driver.header('anna', driver.grant('anna', ['prove/1/0']), 'prove/1/0');
    driver.apply({ kind: 'report_failure', report, reason: 'too little memory', retryable: false });
    driver.apply({ kind: 'deal', dealing: [prover('anna'), prover('anna')] });
    expect(assign(viewOf([driver], [view('anna', 2), view('berta')]))).not.toContainEqual(
      expect.objectContaining({
        command: expect.objectContaining({ prover: 'anna', tasks: [{ kind: 'prove', round: 1, segment: 0 }] }),
      }),
    );
    expect(round([driver], [view('anna', 2)])['anna']).toContain('prove/1/0');
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
    driverProof(long, 'prove/1/0');
    expect(round([long, short], [view('anna')])).toEqual({ anna: ['short:prove/1/0'] });
    driverProof(long, 'prove/1/1');
    expect(round([long, short], [view('anna')])).toEqual({ anna: ['long:prove/1/2'] });
  });

  it('go by priority first', () => {
    const low = job('low').planned(1).challenged('anna');
    const high = job('high', { priority: 5 }).planned(3).challenged('anna');
    expect(round([low, high], [view('anna')])).toEqual({ anna: ['high:prove/1/0', 'high:prove/1/1'] });
  });

  it('are spread over the least loaded provers', () => {
    const first = job('first').planned(2);
    const second = job('second').planned(2);
    round([first, second], [view('anna'), view('berta')]);
    expect([first.run.dealing, second.run.dealing]).toEqual([['anna'], ['berta']]);
  });
});

function driverProof(driver: JobDriver, key: string): void {
  const grant = driver.job.grants.findLast((entry) => isLive(entry) && entry.tasks.some((ref) => taskKey(ref) === key));
  const { prover: holder, epoch } = defined(grant);
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
    expect(round([driver], provers, { idleMs: () => speculateFloorMs - 1, usualMs: () => 5 })).toEqual({});
    expect(round([driver], provers, { idleMs: () => 99_999, usualMs: () => 50_000 })).toEqual({});
    expect(round([driver], provers, { idleMs: () => 100_000, usualMs: () => 50_000 })).toEqual({
      berta: ['prove/1/0'],
    });
    expect(driver.task('prove/1/0').state).toMatchObject({ kind: 'GRANTED', speculative: expect.any(Number) });
    expect(round([driver], [...provers, view('carla')], { idleMs: () => 300_000 })).toEqual({});
  });

  it('that give nothing for very long while others wait are set aside', () => {
    const driver = nearTheEnd();
    round([driver], [view('anna'), view('berta')], { idleMs: () => 600_000 });
    expect(driver.quarantined).toEqual(['anna']);
    expect(driver.task('prove/1/0').state.kind).toBe('READY');
  });
});

describe('peers of the published schema', () => {
  it('get a whole share in one message, and prove only what they contributed', () => {
    const driver = new JobDriver({ computeUnits: 1 }).planned(40);
    const peer = view('zisk', 1, 'published');
    expect(round([driver], [peer])['zisk']).toHaveLength(41);
    expect(round([driver], [peer])).toEqual({});
    const { epoch } = defined(driver.job.grants[0]);
    for (let segment = 0; segment <= 40; segment += 1) driver.leaf('zisk', epoch, segment);
    driver.challenged();
    expect(round([driver], [peer])['zisk']).toHaveLength(41);
  });

  it('leave the aggregation to the coordinator when nobody else is there', () => {
    const driver = new JobDriver({ computeUnits: 1 }).planned(1).challenged('zisk').proven('zisk');
    expect(assign(viewOf([driver], [view('zisk', 1, 'published')]))).toEqual([
      { job: 'job', command: { kind: 'combine' } },
    ]);
  });
});
