import { defined, JobDriver, commitmentOf, planOf, proofOf, prover } from './job-driver.js';
import { progressOf } from '../../src/domain/job/progress-view.js';
import { pendingCoordinatorTasks } from '../../src/domain/job/coordinator-tasks.js';
import type { Attempt } from '../../src/domain/ids.js';

describe('a job that nothing disturbs', () => {
  it('goes from submission through plan, contributions, challenge, proofs and aggregation to completed', () => {
    const driver = new JobDriver();
    driver.apply({ kind: 'start_planning' });
    expect(driver.effectKinds()).toEqual(['coordinator_task plan']);
    driver.apply({ kind: 'planned', plan: planOf(2) });
    const epoch = driver.assignment('anna', ['contribute/0', 'contribute/1', 'contribute/2']);
    driver.commitment('anna', epoch, 0);
    driver.commitment('anna', epoch, 1);
    expect(driver.run.stage).toBe('CONTRIBUTING');
    driver.commitment('anna', epoch, 2);
    expect(driver.run.stage).toBe('CHALLENGING');
    expect(driver.effectKinds()).toContain('coordinator_task challenge');
    driver.challenged().proven();
    expect(driver.run.stage).toBe('AGGREGATING');
    const last = driver.assignment('berta', ['aggregate/1']);
    expect(driver.proof('berta', last, 'aggregate/1', 'final')).toEqual({ kind: 'accepted', late: false });
    expect(driver.job.status).toMatchObject({ kind: 'COMPLETED', final: proofOf('final') });
  });

  it('sends with each assignment what the phase needs, and nothing of other phases', () => {
    const driver = new JobDriver().planned(2);
    driver.assignment('anna', ['contribute/1']);
    expect(driver.effects).toMatchObject([
      { kind: 'send_assignment', assignment: { commitments: [], proofs: [], challenge: null } },
    ]);
    driver.apply({ kind: 'hand_back', prover: prover('anna'), epoch: defined(driver.job.assignments.at(0)).epoch });
    driver.challenged();
    driver.assignment('anna', ['prove/1/2']);
    expect(driver.effects).toMatchObject([
      {
        assignment: {
          commitments: [commitmentOf(0), commitmentOf(1), commitmentOf(2)],
          proofs: [],
          tasks: [{ kind: 'prove', segment: 2 }],
        },
      },
    ]);
    driver.apply({ kind: 'hand_back', prover: prover('anna'), epoch: defined(driver.job.assignments.at(2)).epoch });
    driver.proven();
    driver.assignment('anna', ['aggregate/1']);
    const proofs = ['prove/1/0', 'prove/1/1', 'prove/1/2'].map((key) => proofOf(`proof ${key}`));
    expect(driver.effects).toMatchObject([{ assignment: { proofs } }]);
  });

  it('numbers its events from 1 without gaps and its versions one by one', () => {
    const driver = new JobDriver().planned(1).challenged().proven();
    expect(driver.job.lastEvent).toBeGreaterThan(5);
    const before = driver.job.version;
    driver.assignment('anna', ['aggregate/1']);
    expect(driver.job.version).toBe(before + 1);
  });

  it('marks its start with the first assignment', () => {
    const driver = new JobDriver().planned(1);
    expect(driver.job.startedAtMs).toBeNull();
    driver.now = { monoMs: 10, wallMs: 1_000_777 };
    driver.assignment('anna', ['contribute/0']);
    driver.now = { monoMs: 20, wallMs: 1_000_999 };
    driver.assignment('anna', ['contribute/1']);
    expect(driver.job.startedAtMs).toBe(1_000_777);
  });
});

describe('a coordinator task', () => {
  it('is pending again after a restart, whatever the stage', () => {
    const works = (driver: JobDriver) =>
      pendingCoordinatorTasks(driver.job).map((effect) => (effect.kind === 'coordinator_task' ? effect.work : ''));
    const driver = new JobDriver();
    expect(works(driver)).toEqual([]);
    driver.apply({ kind: 'start_planning' });
    expect(works(driver)).toEqual(['plan']);
    driver.apply({ kind: 'planned', plan: planOf(1) });
    expect(works(driver)).toEqual([]);
    const epoch = driver.assignment('anna', ['contribute/0', 'contribute/1']);
    driver.commitment('anna', epoch, 0);
    driver.commitment('anna', epoch, 1);
    expect(works(driver)).toEqual(['challenge']);
  });

  it('is tried again with growing pauses and ends the job when it keeps failing', () => {
    const driver = new JobDriver({}, { maxOwnFailures: 3 });
    driver.apply({ kind: 'start_planning' });
    const failure = { kind: 'coordinator_task_failed', work: 'plan', message: 'worker lost', final: null } as const;
    driver.apply(failure);
    expect(driver.effects).toMatchObject([{ kind: 'coordinator_task', work: 'plan', delayMs: 250 }]);
    driver.apply(failure);
    expect(driver.effects).toMatchObject([{ kind: 'coordinator_task', work: 'plan', delayMs: 500 }]);
    driver.apply(failure);
    expect(driver.job.status).toMatchObject({ kind: 'FAILED', failure: { code: 'COORDINATOR_FAILED' } });
  });

  it('waits for what passes by itself, as a disk that is full, however long', () => {
    const driver = new JobDriver({}, { maxOwnFailures: 2 });
    driver.apply({ kind: 'start_planning' });
    const failure = { kind: 'coordinator_task_failed', work: 'plan', message: 'disk full', final: null } as const;
    for (let failures = 0; failures < 10; failures += 1) {
      driver.apply({ ...failure, passing: true });
      expect(driver.effects).toMatchObject([{ kind: 'coordinator_task', work: 'plan', delayMs: 2_000 }]);
    }
    expect(driver.job).toMatchObject({ status: { kind: 'PLANNING' }, ownFailures: 0 });
  });

  it('answered twice or late changes nothing', () => {
    const driver = new JobDriver().planned(1).challenged();
    const before = driver.job;
    driver.apply({ kind: 'planned', plan: planOf(9) });
    driver.apply({
      kind: 'challenge_derived',
      attempt: 1 as Attempt,
      challenge: defined(driver.run.challenge),
      commitmentList: null,
    });
    driver.apply({ kind: 'aggregated_locally', attempt: 1 as Attempt, final: null });
    driver.recompute(1);
    expect(driver.job).toBe(before);
  });
});

describe('a job that ends early', () => {
  it('fails with the guest’s own reason when the plan finds one', () => {
    const driver = new JobDriver();
    driver.apply({ kind: 'start_planning' });
    driver.apply({ kind: 'guest_failed', reason: 'illegal instruction at 0x80000010' });
    expect(driver.job.status).toMatchObject({ kind: 'FAILED', failure: { code: 'GUEST_FAILED' } });
  });

  it('cancelled stays cancelled, whatever comes afterwards', () => {
    const driver = new JobDriver().planned(1);
    const epoch = driver.assignment('anna', ['contribute/0']);
    driver.apply({ kind: 'cancel', reason: 'not needed' });
    expect(driver.effects).toContainEqual({ kind: 'job_over', provers: ['anna'], reason: 'not needed' });
    const ended = driver.job;
    expect(driver.commitment('anna', epoch, 0)).toMatchObject({ kind: 'stale' });
    driver.apply({ kind: 'cancel', reason: 'again' });
    driver.apply({ kind: 'deadline_passed' });
    expect(driver.job).toBe(ended);
    expect(driver.task('contribute/0').state.kind).toBe('CANCELLED');
    expect(defined(driver.job.assignments.at(0)).state).toEqual({ kind: 'ENDED', cause: 'job_over' });
  });

  it('proves only the partition of a simulated node and completes without a final proof', () => {
    const driver = new JobDriver({ computeUnits: 2, simulatedNode: 1 }).planned(4);
    expect(driver.run.contribute.map((task) => task.state.kind)).toEqual([
      'CANCELLED',
      'READY',
      'CANCELLED',
      'READY',
      'CANCELLED',
    ]);
    driver.challenged().proven();
    expect(driver.job.status).toMatchObject({ kind: 'COMPLETED', final: null });
  });

  it('counts as done only what was done: nothing of a job cancelled at once, the partition of a simulated node', () => {
    const given = new JobDriver().planned(2);
    given.apply({ kind: 'cancel', reason: '' });
    expect(progressOf(given.job)).toMatchObject({
      contributions: { done: 0, total: 3 },
      proofs: { done: 0, total: 3 },
    });
    const simulated = new JobDriver({ computeUnits: 2, simulatedNode: 1 }).planned(4).challenged();
    expect(progressOf(simulated.job)).toMatchObject({ contributions: { done: 2, total: 2 } });
  });
});
