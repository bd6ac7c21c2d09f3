import fc from 'fast-check';
import type { Move, ProverView } from '../../src/domain/assignment/assignment-input.js';
import { IndexSet } from '../../src/domain/assignment/index-set.js';
import { DEFAULT_ASSIGNMENT } from '../../src/domain/assignment/options.js';
import type { Challenge, JobId, ProverId } from '../../src/domain/ids.js';
import { isLive, type Assignment } from '../../src/domain/job/assignment.js';
import { heldTasks } from '../../src/domain/job/assigning.js';
import { taskKey, type TaskRef } from '../../src/domain/job/task.js';
import { DecisionBuilder } from '../../src/domain/job/decision-builder.js';
import { BothPolicies, type PolicyInput } from './both-policies.js';
import { commitmentOf, JobDriver, proofOf, prover, sha } from './job-driver.js';

const STEPS = [
  'submit',
  'result',
  'result',
  'results',
  'wrong',
  'bad_proof',
  'refused',
  'lost',
  'speculated',
  'exclude',
  'coordinator',
  'no_fit',
  'cancel',
  'joins',
  'leaves',
  'hides',
  'rests',
  'late',
] as const;

interface Step {
  readonly what: (typeof STEPS)[number];
  readonly job: number;
  readonly which: number;
}

const PROVERS: readonly ProverView[] = [
  {
    prover: prover('anna'),
    computeUnits: 1,
    protocol: 'extended',
    resting: false,
    mayTake: () => true,
    hasRoom: () => true,
  },
  {
    prover: prover('berta'),
    computeUnits: 2,
    protocol: 'extended',
    resting: false,
    mayTake: () => true,
    hasRoom: () => true,
  },
  {
    prover: prover('carla'),
    computeUnits: 1,
    protocol: 'extended',
    resting: false,
    mayTake: () => true,
    hasRoom: () => true,
  },
  {
    prover: prover('zisk'),
    computeUnits: 2,
    protocol: 'baseline',
    resting: false,
    mayTake: ({ id }) => id !== 'job-1',
    hasRoom: () => true,
  },
];
const MOST_JOBS = 5;

/** Jobs and provers that random things happen to, seen by both policies. */
class World {
  readonly drivers = new Map<JobId, JobDriver>();
  private readonly both = new BothPolicies(DEFAULT_ASSIGNMENT);
  private readonly provers = new Map<ProverId, { readonly view: ProverView; readonly hidden: boolean }>();
  private jobs = 0;
  private late = 0;

  constructor() {
    for (const view of PROVERS.slice(0, 2)) this.provers.set(view.prover, { view, hidden: false });
  }

  step(step: Step): void {
    const driver = [...this.drivers.values()][step.job % Math.max(1, this.drivers.size)];
    switch (step.what) {
      case 'submit':
        return this.submit(step);
      case 'joins':
      case 'leaves':
      case 'hides':
      case 'rests':
        return this.changeProver(step);
      case 'late':
        this.late = step.which;
        return this.make(this.both.checkTimes(this.input()), step);
      default:
        if (driver) happens(driver, step);
    }
  }

  /** @param skipped of so many moves one is not made, as if the job had changed meanwhile; 0: all are made */
  assign(skipped: number): void {
    for (const [id, { job }] of this.drivers) if (job.status.kind !== 'RUNNING') this.drivers.delete(id);
    const moves = this.both.assign(this.input());
    this.make(
      moves.filter((_, index) => skipped === 0 || index % skipped !== skipped - 1),
      { what: 'result', job: 0, which: 0 },
    );
  }

  private make(moves: readonly Move[], _step: Step): void {
    for (const { job, command } of moves) this.drivers.get(job)?.apply(command);
  }

  private submit({ which }: Step): void {
    if (this.drivers.size >= MOST_JOBS) return;
    this.jobs += 1;
    const computeUnits = 1 + (which % 4);
    const simulatedNode = which % 11 === 10 ? which % computeUnits : null;
    const driver = new JobDriver({ computeUnits, priority: which % 3 === 2 ? 1 : 0, simulatedNode });
    const id = `job-${this.jobs}` as JobId;
    driver.job = { ...driver.job, id, submittedAtMs: 1_000_000 + (which % 5) };
    driver.planned(1 + (which % 23));
    if (driver.job.status.kind === 'RUNNING') this.drivers.set(id, driver);
  }

  private changeProver({ what, which }: Step): void {
    const view = PROVERS[which % PROVERS.length];
    if (!view) return;
    if (what === 'leaves') this.provers.delete(view.prover);
    else this.provers.set(view.prover, { view: { ...view, resting: what === 'rests' }, hidden: what === 'hides' });
  }

  private input(): PolicyInput {
    const known = [...this.provers.values()];
    return {
      jobs: [...this.drivers.values()].map(({ job }) => job).filter(({ status }) => status.kind === 'RUNNING'),
      provers: known.flatMap(({ view, hidden }) => (hidden ? [] : [view])),
      present: new Set(this.provers.keys()),
      idleMs: ({ epoch }) => [0, 25_000, 150_000, 700_000][(epoch + this.late) % 4] ?? null,
      medianMs: (_job, phase) => (phase === 'prove' ? 5 : null),
    };
  }
}

function happens(driver: JobDriver, { what, which }: Step): void {
  const { job } = driver;
  if (what === 'cancel') {
    if (which % 4 === 0) driver.apply({ kind: 'cancel', reason: '' });
    return;
  }
  if (what === 'exclude') {
    const view = PROVERS[which % PROVERS.length];
    if (view && which % 3 === 0) driver.apply({ kind: 'exclude_prover', prover: view.prover });
    return;
  }
  if (what === 'coordinator' || what === 'no_fit') return byCoordinator(driver, what === 'no_fit');
  const live = [...job.assignments].filter(isLive);
  const assignment = live[which % Math.max(1, live.length)];
  if (assignment) toAssignment(driver, assignment, what, which);
  byCoordinator(driver, false);
}

/** What the coordinator owes, done. */
function byCoordinator(driver: JobDriver, noFit: boolean): void {
  const { run } = driver.job;
  if (driver.job.status.kind !== 'RUNNING' || !run) return;
  const { attempt } = run;
  if (run.stage === 'CHALLENGING') {
    driver.apply({
      kind: 'challenge_derived',
      attempt,
      challenge: sha(`challenge ${attempt}`) as string as Challenge,
      commitmentList: null,
    });
  }
  for (const { segment } of run.disputes) driver.recompute(segment);
  for (const segment of run.ownProofs) {
    driver.apply({ kind: 'own_proof', attempt, segment, artifact: proofOf(`own ${segment}`) });
  }
  if (noFit && run.stage === 'AGGREGATING') driver.apply({ kind: 'aggregate_locally' });
  if (driver.run.stage !== 'AGGREGATING_LOCALLY') return;
  driver.apply({ kind: 'aggregated_locally', attempt, final: noFit ? null : proofOf('final') });
}

function toAssignment(driver: JobDriver, assignment: Assignment, what: Step['what'], which: number): void {
  const tasks = heldTasks(new DecisionBuilder(driver.job, driver.now), assignment);
  const ref = tasks[which % Math.max(1, tasks.length)];
  if (what === 'lost') {
    driver.apply({
      kind: 'end_assignment',
      epoch: assignment.epoch,
      cause: 'disconnected',
      countsAsLoss: which % 5 === 0,
    });
  } else if (what === 'results') {
    for (const each of tasks) result(driver, assignment, each, 'right');
  } else if (ref) oneTask(driver, assignment, ref, what);
}

function oneTask(driver: JobDriver, assignment: Assignment, ref: TaskRef, what: Step['what']): void {
  const key = taskKey(ref);
  const { prover: name, epoch } = assignment;
  if (what === 'refused') {
    const report = driver.header(name, epoch, key);
    driver.apply({ kind: 'report_failure', report, reason: 'cannot', retryable: false });
  } else if (what === 'bad_proof' && ref.kind !== 'contribute') {
    driver.badProof(name, epoch, key);
  } else if (what === 'speculated') {
    const other = PROVERS.find((view) => view.prover !== name && view.protocol === 'extended')?.prover ?? name;
    driver.apply({ kind: 'assign', prover: other, tasks: [ref], grade: 'speculative', leaseMs: 15_000 });
  } else result(driver, assignment, ref, what === 'wrong' ? 'wrong' : 'right');
}

function result(driver: JobDriver, { prover: name, epoch }: Assignment, ref: TaskRef, text: string): void {
  if (driver.job.status.kind !== 'RUNNING') return;
  if (ref.kind === 'contribute') driver.commitment(name, epoch, ref.segment, commitmentOf(ref.segment, text));
  else driver.proof(name, epoch, taskKey(ref));
}

const steps = fc.array(fc.record<Step>({ what: fc.constantFrom(...STEPS), job: fc.nat(10), which: fc.nat(1_000) }), {
  minLength: 1,
  maxLength: 120,
  size: 'max',
});

/** A life of jobs and provers. @throws Error where the policy and its reference differ */
function live(taken: readonly Step[], skipped: number, every: number): void {
  const world = new World();
  world.step({ what: 'submit', job: 0, which: 7 });
  world.assign(0);
  for (const [index, step] of taken.entries()) {
    world.step(step);
    if (index % every === 0) world.assign(skipped);
  }
  world.assign(0);
}

describe('the policy', () => {
  it('gives the moves of its reference, whatever has happened', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(0, 0, 3), fc.integer({ min: 1, max: 3 }), (taken, skipped, every) => {
        expect(() => live(taken, skipped, every)).not.toThrow();
      }),
      { numRuns: Number(process.env['POLICY_RUNS'] ?? 30) },
    );
  });
});

describe('a set of numbers in order', () => {
  it('knows the next and the last member as a sorted array does', () => {
    const bound = 3_000;
    const changes = fc.array(fc.tuple(fc.nat(bound - 1), fc.boolean()), { maxLength: 200, size: 'max' });
    fc.assert(
      fc.property(changes, fc.nat(bound), (made, from) => {
        const set = new IndexSet(bound);
        const plain = new Set<number>();
        for (const [index, member] of made) {
          expect(set.set(index, member)).toBe(plain.has(index) !== member);
          if (member) plain.add(index);
          else plain.delete(index);
        }
        const sorted = [...plain].sort((a, b) => a - b);
        expect([...set.members()]).toEqual(sorted);
        expect(set.size).toBe(sorted.length);
        expect(set.next(from)).toBe(sorted.find((index) => index >= from) ?? -1);
        expect(set.next(0, from)).toBe(sorted.find((index) => index < from) ?? -1);
        expect(set.last(from)).toBe(sorted.findLast((index) => index < from) ?? -1);
      }),
    );
  });
});
