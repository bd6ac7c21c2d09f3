import { changesBetween, type JobChanges } from '../../src/domain/job/changes.js';
import type { JobCommand } from '../../src/domain/job/command.js';
import { JobDriver, prover } from './job-driver.js';

/** What is to be written after a step. */
function changesOf(driver: JobDriver, step: () => unknown): JobChanges {
  const before = driver.job;
  step();
  return changesBetween(before, driver.job, []);
}

const ALLOCATE: JobCommand = { kind: 'allocate', allocation: [prover('anna'), null] };

describe('the run of a job, which may be long,', () => {
  it('is written with the plan, and when a stage, an allocation or a challenge changes', () => {
    const driver = new JobDriver({});
    expect(changesOf(driver, () => driver.planned(2)).runChanged).toBe(true);
    expect(changesOf(driver, () => driver.apply(ALLOCATE)).runChanged).toBe(true);
    expect(changesOf(driver, () => driver.challenged()).runChanged).toBe(true);
  });

  it('is not written with an assignment or a result', () => {
    const driver = new JobDriver({}).planned(2);
    let epoch = 0;
    const assigned = changesOf(driver, () => {
      epoch = driver.assignment('anna', ['contribute/0', 'contribute/1']);
    });
    const reported = changesOf(driver, () => driver.commitment('anna', epoch, 1));
    expect([assigned.runChanged, reported.runChanged]).toEqual([false, false]);
    expect([assigned.tasks.length, reported.commitments.length]).toEqual([2, 1]);
  });

  it('is not written of a job that has none yet', () => {
    const driver = new JobDriver({});
    expect(changesOf(driver, () => driver.apply({ kind: 'start_planning' })).runChanged).toBe(false);
  });
});
