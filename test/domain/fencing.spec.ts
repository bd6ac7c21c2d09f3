import { JobDriver, commitmentOf, prover } from './job-driver.js';
import type { Epoch, Segment } from '../../src/domain/ids.js';
import type { JobRules } from '../../src/domain/job/request.js';

const ended = (driver: JobDriver, epoch: Epoch, countsAsLoss = true) =>
  driver.apply({ kind: 'end_assignment', epoch, cause: 'lease_expired', countsAsLoss });

describe('a report counts only for the prover, task and epoch it was assigned under', () => {
  it.each([
    ['another prover', 'berta', 1, 'contribute/1'],
    ['an epoch never issued', 'anna', 7, 'contribute/1'],
    ['a task outside the assignment', 'anna', 1, 'contribute/2'],
  ])('%s is rejected', (_what, name, epoch, key) => {
    const driver = new JobDriver().planned(2);
    driver.assignment('anna', ['contribute/1']);
    const before = driver.job;
    expect(driver.commitment(name, epoch, Number(key.split('/')[1]))).toMatchObject({ kind: 'rejected' });
    expect(driver.job).toBe(before);
  });

  it('every new assignment has a larger epoch', () => {
    const driver = new JobDriver().planned(2);
    const first = driver.assignment('anna', ['contribute/1']);
    ended(driver, first);
    const second = driver.assignment('berta', ['contribute/1']);
    expect(second).toBeGreaterThan(first);
  });

  it('a commitment of an ended assignment is stale: it cannot be verified', () => {
    const driver = new JobDriver().planned(2);
    const first = driver.assignment('anna', ['contribute/1']);
    ended(driver, first);
    const second = driver.assignment('berta', ['contribute/1']);
    expect(driver.commitment('anna', first, 1)).toMatchObject({ kind: 'stale' });
    expect(driver.commitment('berta', second, 1)).toEqual({ kind: 'accepted', late: false });
  });

  it('a failure of an ended assignment does not touch the successor', () => {
    const driver = new JobDriver().planned(2);
    const first = driver.assignment('anna', ['contribute/1']);
    ended(driver, first);
    driver.assignment('berta', ['contribute/1']);
    const report = driver.header('anna', first, 'contribute/1');
    const outcome = driver.apply({ kind: 'report_failure', report, reason: 'out of memory', retryable: true });
    expect(outcome).toMatchObject({ kind: 'verdict', verdict: { kind: 'stale' } });
    expect(driver.task('contribute/1').state.kind).toBe('ASSIGNED');
  });

  it('a late proof that verifies counts while the task is open, and its new holder is told to stop', () => {
    const driver = new JobDriver().planned(1).challenged();
    const first = driver.assignment('anna', ['prove/1/1']);
    ended(driver, first);
    driver.assignment('berta', ['prove/1/1']);
    expect(driver.proof('anna', first, 'prove/1/1')).toEqual({ kind: 'accepted', late: true });
    expect(driver.effects).toContainEqual(expect.objectContaining({ kind: 'revoke', prover: 'berta' }));
    expect(driver.task('prove/1/1').state).toMatchObject({ kind: 'DONE', by: 'anna', late: true });
  });

  it('the same report twice is answered the same and changes nothing', () => {
    const driver = new JobDriver().planned(2);
    const epoch = driver.assignment('anna', ['contribute/1', 'contribute/2']);
    driver.commitment('anna', epoch, 1);
    const before = driver.job;
    expect(driver.commitment('anna', epoch, 1)).toEqual({ kind: 'already_done' });
    expect(driver.job).toBe(before);
  });

  it('another valid proof of a finished segment is harmless, but noted', () => {
    const driver = new JobDriver().planned(1).challenged();
    const epoch = driver.assignment('anna', ['prove/1/0']);
    const twin = driver.assignment('berta', ['prove/1/0'], 'speculative');
    driver.proof('anna', epoch, 'prove/1/0');
    const report = driver.header('berta', twin, 'prove/1/0');
    const result = { kind: 'verified', artifact: { sha256: 'f'.repeat(64), size: 1 } } as never;
    const { lastEvent } = driver.job;
    driver.apply({ kind: 'proof_checked', report, result });
    expect(driver.job.lastEvent).toBe(lastEvent + 1);
    expect(driver.task('prove/1/0').state).toMatchObject({ by: 'anna' });
  });

  it('results of an old attempt are stale', () => {
    const driver = new JobDriver().planned(1).challenged('mallory');
    const epoch = driver.assignment('anna', ['prove/1/1']);
    driver.apply({
      kind: 'dispute_commitment',
      report: driver.header('anna', epoch, 'prove/1/1'),
      commitment: commitmentOf(1, 'other'),
    });
    driver.recompute(1, commitmentOf(1, 'other'));
    expect(driver.attempt).toBe(2);
    expect(driver.proof('anna', epoch, 'prove/1/1')).toMatchObject({ kind: 'stale' });
  });
});

describe('assignments', () => {
  it('assign a task to one primary and at most one speculative prover', () => {
    const driver = new JobDriver().planned(2);
    driver.assignment('anna', ['contribute/1']);
    expect(() => driver.assignment('berta', ['contribute/1'])).toThrow('not assigned');
    driver.assignment('berta', ['contribute/1'], 'speculative');
    expect(() => driver.assignment('carla', ['contribute/1'], 'speculative')).toThrow('not assigned');
  });

  it('never race a prover against itself', () => {
    const driver = new JobDriver().planned(2);
    driver.assignment('anna', ['contribute/1']);
    expect(() => driver.assignment('anna', ['contribute/1'], 'speculative')).toThrow('not assigned');
  });

  it('give back only what is unfinished when they are lost', () => {
    const driver = new JobDriver().planned(2);
    const epoch = driver.assignment('anna', ['contribute/0', 'contribute/1', 'contribute/2']);
    driver.commitment('anna', epoch, 1);
    ended(driver, epoch);
    expect(driver.run.contribute.map((task) => task.state.kind)).toEqual(['READY', 'DONE', 'READY']);
  });

  it('a speculative assignment moves up when the primary is lost', () => {
    const driver = new JobDriver().planned(2);
    const first = driver.assignment('anna', ['contribute/1']);
    const second = driver.assignment('berta', ['contribute/1'], 'speculative');
    ended(driver, first);
    expect(driver.task('contribute/1').state).toEqual({ kind: 'ASSIGNED', primary: second, speculative: null });
  });

  it('are refused for provers quarantined', () => {
    const driver = new JobDriver().planned(2);
    driver.apply({ kind: 'exclude_prover', prover: prover('mallory') });
    expect(() => driver.assignment('mallory', ['contribute/1'])).toThrow('not assigned');
  });
});

describe('a task that keeps failing', () => {
  /** A job to which each of these provers has given a commitment; contribute/1 is open. */
  function workedOn(names: readonly string[], rules: Partial<JobRules> = {}): JobDriver {
    const driver = new JobDriver({}, rules).planned(names.length + 1);
    for (const [index, name] of names.entries()) {
      driver.commitment(name, driver.assignment(name, [`contribute/${index + 2}`]), index + 2);
    }
    return driver;
  }

  it('is poison after three distinct provers that work were lost on it, and its job fails with the reason', () => {
    const driver = workedOn(['anna', 'berta', 'carla']);
    for (const name of ['anna', 'berta', 'carla']) {
      expect(driver.job.status.kind).toBe('RUNNING');
      ended(driver, driver.assignment(name, ['contribute/1']));
    }
    expect(driver.task('contribute/1').state.kind).toBe('QUARANTINED');
    expect(driver.job.status).toMatchObject({
      kind: 'FAILED',
      failure: { code: 'TASK_QUARANTINED', message: expect.stringContaining('3 losses of provers that held it') },
    });
  });

  it('is not blamed for provers that came, took it and were lost: the coordinator does it after nine', () => {
    const driver = new JobDriver().planned(2);
    for (let lost = 1; lost <= 9; lost += 1) {
      expect(driver.run.disputes).toEqual([]);
      ended(driver, driver.assignment(`dropper-${lost}`, ['contribute/1']));
    }
    expect(driver.job.status.kind).toBe('RUNNING');
    expect(driver.effects).toContainEqual(expect.objectContaining({ work: 'recompute', segment: 1 }));
    driver.recompute(1);
    expect(driver.task('contribute/1').state).toMatchObject({ kind: 'DONE', by: 'coordinator' });
  });

  it('is not blamed for provers that are lost with whatever they hold', () => {
    const names = ['anna', 'berta', 'carla'];
    const driver = workedOn(names);
    for (const name of names) ended(driver, driver.assignment(name, ['contribute/0']), name === 'anna');
    for (const name of names) ended(driver, driver.assignment(name, ['contribute/1']));
    expect(driver.job.status.kind).toBe('RUNNING');
    expect(driver.task('contribute/1')).toMatchObject({ state: { kind: 'READY' }, losses: names });
  });

  it('is not blamed for assignments that never arrived or were given back', () => {
    const driver = new JobDriver().planned(2);
    for (const name of ['anna', 'berta', 'carla', 'dora']) {
      ended(driver, driver.assignment(name, ['contribute/1']), false);
    }
    expect(driver.task('contribute/1').state.kind).toBe('READY');
  });

  it('is also poison when one prover crashes on it again and again', () => {
    const driver = workedOn(['anna'], { maxLosses: 4 });
    for (let crash = 0; crash < 4; crash += 1) ended(driver, driver.assignment('anna', ['contribute/1']));
    expect(driver.job.status).toMatchObject({ kind: 'FAILED', failure: { code: 'TASK_QUARANTINED' } });
  });

  const fail = (driver: JobDriver, name: string, retryable: boolean) => {
    const report = driver.header(name, driver.assignment(name, ['contribute/1']), 'contribute/1');
    driver.apply({ kind: 'report_failure', report, reason: 'no memory', retryable });
  };

  it.each([
    [false, 1],
    [true, 2],
  ])('avoids a prover that failed at it (may try again: %j) after %d failures', (retryable, failures) => {
    const driver = new JobDriver().planned(2);
    for (let failure = 1; failure <= failures; failure += 1) {
      expect(driver.task('contribute/1').barred).toEqual([]);
      fail(driver, 'anna', retryable);
    }
    const failedBy = Array.from({ length: failures }, () => 'anna');
    expect(driver.task('contribute/1')).toMatchObject({ failedBy, barred: ['anna'], state: { kind: 'READY' } });
  });

  it.each(['primary', 'speculative'] as const)('is not assigned (%s) to a prover that is barred from it', (grade) => {
    const driver = new JobDriver().planned(2);
    fail(driver, 'anna', false);
    if (grade === 'speculative') driver.assignment('berta', ['contribute/1']);
    const both = driver.assignment('anna', ['contribute/2']);
    expect(both).toBe(driver.job.assignments.length);
    expect(() => driver.assignment('anna', ['contribute/1'], grade)).toThrow('none of the tasks is free');
    expect(driver.assignment('carla', ['contribute/1'], grade)).toBe(both + 1);
  });

  it('is done by the coordinator after its failures are used up: they fail no job', () => {
    const driver = new JobDriver({}, { maxFailures: 3 }).planned(2);
    for (const name of ['anna', 'berta', 'carla']) fail(driver, name, true);
    expect(driver.job.status.kind).toBe('RUNNING');
    expect(driver.effects).toContainEqual(expect.objectContaining({ work: 'recompute', segment: 1 }));
    driver.apply({ kind: 'commitment_recomputed', segment: 1 as Segment, commitment: commitmentOf(1) });
    expect(driver.task('contribute/1').state).toMatchObject({ kind: 'DONE', by: 'coordinator' });
  });

  it('disproves its provers when the coordinator does it: one that failed at eight such tasks is quarantined', () => {
    const driver = new JobDriver({}, { maxFailures: 2 }).planned(9);
    for (const segment of [1, 2, 3, 4, 5, 6, 7, 8]) {
      expect(driver.quarantined).toEqual([]);
      const failing = segment < 8 ? ['mallory', 'anna'] : ['mallory', 'mallory'];
      for (const name of failing) {
        const key = `contribute/${segment}`;
        const report = driver.header(name, driver.assignment(name, [key]), key);
        driver.apply({ kind: 'report_failure', report, reason: 'no', retryable: true });
      }
      driver.apply({ kind: 'commitment_recomputed', segment: segment as Segment, commitment: commitmentOf(segment) });
    }
    expect(driver.quarantined).toEqual(['mallory']);
    expect(driver.job.excluded).toEqual(['mallory']);
  });
});

describe('what is no result at all', () => {
  const malformed = (driver: JobDriver, name: string, epoch: number, key: string) =>
    driver.apply({ kind: 'report_malformed', report: driver.header(name, epoch, key), reason: '9 values' });

  it('quarantines its prover, and the task goes to somebody else', () => {
    const driver = new JobDriver().planned(1);
    const epoch = driver.assignment('anna', ['contribute/0', 'contribute/1']);
    expect(malformed(driver, 'anna', epoch, 'contribute/1')).toMatchObject({ verdict: { kind: 'rejected' } });
    expect(driver.quarantined).toEqual(['anna']);
    expect(driver.task('contribute/0').state.kind).toBe('READY');
    expect(driver.challenged('berta').run.stage).toBe('PROVING');
  });

  it('of an aggregation makes the coordinator aggregate the proofs itself, with nobody else there', () => {
    const driver = new JobDriver().planned(1).challenged().proven();
    const epoch = driver.assignment('anna', ['aggregate/1']);
    expect(malformed(driver, 'anna', epoch, 'aggregate/1')).toMatchObject({ verdict: { kind: 'rejected' } });
    expect(driver.run.stage).toBe('AGGREGATING_LOCALLY');
    expect(driver.effectKinds()).toContain('coordinator_task aggregate');
  });

  it('counts only against the prover that was given the task', () => {
    const driver = new JobDriver().planned(1);
    const epoch = driver.assignment('anna', ['contribute/0']);
    expect(malformed(driver, 'berta', epoch, 'contribute/0')).toMatchObject({ verdict: { kind: 'rejected' } });
    expect(driver.quarantined).toEqual([]);
  });
});
