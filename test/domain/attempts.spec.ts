import { JobDriver, commitmentOf, prover } from './job-driver.js';
import type { Attempt, Segment } from '../../src/domain/ids.js';

/** mallory gives a wrong commitment of segment 1, everything else is right; attempt 1 is challenged. */
function withWrongCommitment(): JobDriver {
  const driver = new JobDriver().planned(3);
  const bad = driver.assignment('mallory', ['contribute/1', 'contribute/2']);
  driver.commitment('mallory', bad, 1, commitmentOf(1, 'wrong'));
  driver.commitment('mallory', bad, 2);
  return driver.challenged('anna');
}

function dispute(driver: JobDriver, name: string, segment: number, commitment = commitmentOf(segment)) {
  const key = `prove/${driver.attempt}/${segment}`;
  const epoch = driver.assignment(name, [key]);
  return driver.apply({ kind: 'dispute_commitment', report: driver.header(name, epoch, key), commitment });
}

describe('a wrong commitment', () => {
  it('found by the prover that is to prove the segment starts a new attempt and quarantines its author', () => {
    const driver = withWrongCommitment();
    dispute(driver, 'anna', 1);
    expect(driver.effectKinds()).toContain('coordinator_task recompute');
    driver.recompute(1);
    expect(driver.quarantined).toEqual(['mallory']);
    expect(driver.attempt).toBe(2);
    expect(driver.run.stage).toBe('CONTRIBUTING');
    expect(driver.run.challenge).toBeNull();
  });

  it('may be reported as the commitment of the segment that is to be proven', () => {
    const driver = withWrongCommitment();
    const report = driver.header('anna', driver.assignment('anna', ['prove/1/1']), 'prove/1/1');
    driver.apply({ kind: 'report_commitment', report, commitment: commitmentOf(1), totals: null });
    expect(driver.run.disputes.map((entry) => entry.segment)).toEqual([1]);
  });

  it('casts doubt on all commitments of its author: they are made again by others before the next challenge', () => {
    const driver = withWrongCommitment();
    dispute(driver, 'anna', 1);
    driver.recompute(1);
    expect(driver.run.commitments.map((slot) => slot.kind)).toEqual(['claimed', 'recomputed', 'missing', 'claimed']);
    driver.challenged('anna').proven('anna');
    expect(driver.run.stage).toBe('AGGREGATING');
  });

  it('is not assigned while it is in question', () => {
    const driver = withWrongCommitment();
    dispute(driver, 'anna', 1);
    expect(() => driver.assignment('berta', ['prove/1/1'])).toThrow('not assigned');
    expect(driver.assignment('berta', ['prove/1/2'])).toBeGreaterThan(0);
  });

  it('found before the challenge costs no attempt', () => {
    const driver = new JobDriver().planned(1);
    const first = driver.assignment('mallory', ['contribute/1']);
    const second = driver.assignment('anna', ['contribute/1'], 'speculative');
    driver.commitment('mallory', first, 1, commitmentOf(1, 'wrong'));
    driver.commitment('anna', second, 1);
    driver.recompute(1);
    expect(driver.quarantined).toEqual(['mallory']);
    expect(driver.attempt).toBe(1);
    driver.challenged('anna');
    expect(driver.run.stage).toBe('PROVING');
  });

  it('several in question are recomputed together, in one new attempt', () => {
    const driver = new JobDriver().planned(3);
    const bad = driver.assignment('mallory', ['contribute/1', 'contribute/2']);
    driver.commitment('mallory', bad, 1, commitmentOf(1, 'wrong'));
    driver.commitment('mallory', bad, 2, commitmentOf(2, 'wrong'));
    driver.challenged('anna');
    dispute(driver, 'anna', 1);
    dispute(driver, 'anna', 2);
    driver.recompute(1);
    expect(driver.attempt).toBe(1);
    driver.recompute(2);
    expect(driver.attempt).toBe(2);
  });

  it('ends the job with FAULTY_PROVERS when every permitted attempt had one', () => {
    const driver = new JobDriver({}, { maxAttempts: 2 }).planned(1);
    driver.commitment('mallory', driver.assignment('mallory', ['contribute/1']), 1, commitmentOf(1, 'wrong'));
    driver.commitment('mordred', driver.assignment('mordred', ['contribute/0']), 0, commitmentOf(0, 'wrong'));
    for (const segment of [1, 0]) {
      driver.challenged('anna');
      dispute(driver, 'anna', segment);
      driver.recompute(segment);
    }
    expect(driver.quarantined).toEqual(['mallory', 'mordred']);
    expect(driver.job.status).toMatchObject({ kind: 'FAILED', failure: { code: 'FAULTY_PROVERS' } });
  });
});

describe('a right commitment that somebody disputes', () => {
  it('stands, with its attempt, and the one who disputed it is quarantined', () => {
    const driver = new JobDriver().planned(1).challenged('anna');
    dispute(driver, 'mallory', 1, commitmentOf(1, 'wrong'));
    driver.recompute(1);
    expect(driver.quarantined).toEqual(['mallory']);
    expect(driver.attempt).toBe(1);
    expect(driver.run.commitments.at(1)).toEqual({ kind: 'recomputed', commitment: commitmentOf(1) });
  });

  it('recomputed once is beyond dispute', () => {
    const driver = new JobDriver().planned(1).challenged('anna');
    dispute(driver, 'mallory', 1, commitmentOf(1, 'wrong'));
    driver.recompute(1);
    expect(dispute(driver, 'mordred', 1, commitmentOf(1, 'strange'))).toMatchObject({ verdict: { kind: 'rejected' } });
    expect(driver.quarantined).toEqual(['mallory', 'mordred']);
  });
});

describe('a bad proof', () => {
  it('quarantines its prover and puts in question the commitment it wrote itself; a right commitment keeps the attempt', () => {
    const driver = new JobDriver().planned(1).challenged('mallory');
    const epoch = driver.assignment('mallory', ['prove/1/0', 'prove/1/1']);
    expect(driver.badProof('mallory', epoch, 'prove/1/1')).toMatchObject({ kind: 'rejected' });
    expect(driver.effectKinds()).toEqual(
      expect.arrayContaining(['quarantine', 'coordinator_task recompute', 'answer']),
    );
    driver.recompute(1);
    expect(driver.attempt).toBe(1);
    expect(driver.run.prove.map((task) => task.state.kind)).toEqual(['READY', 'READY']);
    driver.proven('anna');
    expect(driver.run.stage).toBe('AGGREGATING');
  });

  it('of a segment somebody else committed to says nothing of the commitment', () => {
    const driver = new JobDriver().planned(1).challenged('anna');
    const epoch = driver.assignment('mallory', ['prove/1/1']);
    driver.badProof('mallory', epoch, 'prove/1/1');
    expect(driver.run.disputes).toEqual([]);
    expect(driver.quarantined).toEqual(['mallory']);
  });
});

describe('other totals than the coordinator found', () => {
  it('quarantine their prover', () => {
    const driver = new JobDriver().planned(1);
    const epoch = driver.assignment('mallory', ['contribute/1']);
    const totals = { segments: 1, cycles: 999, exitCode: 0 };
    const report = driver.header('mallory', epoch, 'contribute/1');
    driver.apply({ kind: 'report_commitment', report, commitment: commitmentOf(1), totals });
    expect(driver.quarantined).toEqual(['mallory']);
    expect(driver.task('contribute/1').state.kind).toBe('READY');
  });
});

describe('proofs that verify one by one and do not fit together', () => {
  /** mallory proves segment 1 of another input; the coordinator finds that nothing can be aggregated. */
  function unbalanced(): JobDriver {
    const driver = new JobDriver().planned(2);
    const bad = driver.assignment('mallory', ['contribute/1']);
    driver.commitment('mallory', bad, 1, commitmentOf(1, 'other input'));
    driver.challenged('anna').proven('mallory');
    const epoch = driver.assignment('anna', ['aggregate/1']);
    const report = driver.header('anna', epoch, 'aggregate/1');
    driver.apply({ kind: 'report_failure', report, reason: 'terminals do not sum to zero', retryable: false });
    expect(driver.effectKinds()).toContain('coordinator_task aggregate');
    driver.apply({ kind: 'aggregated_locally', attempt: 1 as Attempt, final: null });
    return driver;
  }

  it('are audited: every claimed commitment is made again by somebody other than its author', () => {
    const driver = unbalanced();
    expect(driver.run.stage).toBe('AUDITING');
    expect(driver.run.contribute.map((task) => task.barred)).toEqual([['anna'], ['mallory'], ['anna']]);
  });

  it('lead to the culprit by recomputation, and to a new attempt; nobody else is blamed', () => {
    const driver = unbalanced();
    const epoch = driver.assignment('berta', ['contribute/0', 'contribute/1', 'contribute/2']);
    for (const segment of [0, 1, 2]) driver.commitment('berta', epoch, segment);
    expect(driver.effectKinds()).not.toContain('coordinator_task challenge');
    driver.recompute(1);
    expect(driver.quarantined).toEqual(['mallory']);
    expect(driver.attempt).toBe(2);
    driver.challenged('anna').proven('anna');
    expect(driver.run.stage).toBe('AGGREGATING');
  });

  it('are recomputed by the coordinator where nobody but the author is left, or where faulty provers agree', () => {
    const driver = unbalanced();
    const epoch = driver.assignment('mordred', ['contribute/0', 'contribute/1', 'contribute/2']);
    driver.commitment('mordred', epoch, 0);
    driver.commitment('mordred', epoch, 1, commitmentOf(1, 'other input'));
    driver.apply({ kind: 'take_over', task: { kind: 'contribute', segment: 2 as Segment } });
    driver.recompute(2);
    expect(driver.run.disputes.map((entry) => entry.segment)).toEqual([0, 1]);
    driver.recompute(0);
    driver.recompute(1);
    expect(driver.quarantined).toEqual(['mallory']);
    expect(driver.attempt).toBe(2);
  });

  it('with every commitment right are a defect of the kernel, and said so', () => {
    const driver = unbalanced();
    for (const segment of [0, 1, 2]) {
      driver.apply({ kind: 'take_over', task: { kind: 'contribute', segment: segment as Segment } });
      driver.recompute(segment, segment === 1 ? commitmentOf(1, 'other input') : commitmentOf(segment));
    }
    expect(driver.job.status).toMatchObject({ kind: 'FAILED', failure: { code: 'UNBALANCED' } });
  });
});

describe('aggregation', () => {
  const aggregating = () => new JobDriver().planned(1).challenged('anna').proven('anna');

  it('that comes out wrong is done by the coordinator, and blamed only when the proofs do fit together', () => {
    const driver = aggregating();
    const epoch = driver.assignment('mallory', ['aggregate/1']);
    driver.badProof('mallory', epoch, 'aggregate/1');
    expect(driver.quarantined).toEqual([]);
    driver.apply({
      kind: 'aggregated_locally',
      attempt: 1 as Attempt,
      final: { sha256: commitmentOf(9) as never, size: 3 },
    });
    expect(driver.quarantined).toEqual(['mallory']);
    expect(driver.job.status.kind).toBe('COMPLETED');
  });

  it('lost with its prover starts elsewhere', () => {
    const driver = aggregating();
    const epoch = driver.assignment('anna', ['aggregate/1']);
    driver.apply({ kind: 'end_assignment', epoch, cause: 'disconnected', countsAsLoss: true });
    const next = driver.assignment('berta', ['aggregate/1']);
    expect(driver.proof('berta', next, 'aggregate/1').kind).toBe('accepted');
  });

  it('waits when a stored proof turns out to be lost, which is proven again under the same challenge', () => {
    const driver = aggregating();
    const { challenge } = driver.run;
    driver.assignment('anna', ['aggregate/1']);
    driver.apply({ kind: 'proof_lost', attempt: 1 as Attempt, segment: 1 as Segment });
    expect(driver.run.stage).toBe('PROVING');
    driver.proven('berta');
    expect(driver.run).toMatchObject({ stage: 'AGGREGATING', challenge });
    expect(driver.proof('anna', driver.assignment('anna', ['aggregate/1']), 'aggregate/1').kind).toBe('accepted');
  });
});

describe('a prover quarantined from outside', () => {
  it('loses its unfinished tasks, and before the challenge its commitments too', () => {
    const driver = new JobDriver().planned(2);
    const epoch = driver.assignment('mallory', ['contribute/1', 'contribute/2']);
    driver.commitment('mallory', epoch, 1);
    driver.apply({ kind: 'exclude_prover', prover: prover('mallory') });
    expect(driver.run.contribute.map((task) => task.state.kind)).toEqual(['READY', 'READY', 'READY']);
    expect(driver.run.commitments.at(1)).toEqual({ kind: 'missing' });
    expect(driver.commitment('mallory', epoch, 2)).toMatchObject({ kind: 'rejected' });
  });
});
