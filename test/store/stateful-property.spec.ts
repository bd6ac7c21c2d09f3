import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Challenge, Epoch, ProverId, Attempt, Segment } from '../../src/domain/ids.js';
import type { JobCommand, ReportHeader } from '../../src/domain/job/command.js';
import { isTerminal, type JobState, type Run } from '../../src/domain/job/job-state.js';
import type { Decision } from '../../src/domain/job/decision.js';
import { openPhase } from '../../src/domain/job/assigning.js';
import { isOpen, taskKey, type TaskRef } from '../../src/domain/job/task.js';
import { MemoryStore } from '../../src/coordinator/store/memory/memory-store.js';
import { SqliteStore } from '../../src/coordinator/store/sqlite/sqlite-store.js';
import type { JobSummary, TaskStore } from '../../src/coordinator/store/task-store.js';
import { commitmentOf, planOf, proofOf, prover, sha } from '../domain/job-driver.js';
import { headerOf } from '../../src/domain/job/changes.js';
import { progressOf } from '../../src/domain/job/progress-view.js';
import { brokenRules } from '../simulation/job-invariants.js';
import { StoredJob } from './conformance.js';

const anna = prover('anna');
const PROVERS = [anna, prover('berta'), prover('carla'), prover('dora')];
const SEGMENTS = 3;

/** Fixed, so that a run repeats; FC_SEED explores others. */
const SEED = Number(process.env['FC_SEED'] ?? 1);

/** Three numbers stand for a command; which one depends on where the job is, so that sequences get far. */
interface Step {
  readonly natural: boolean;
  readonly what: number;
  readonly who: number;
  readonly which: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  natural: fc.nat(3).map((dice) => dice > 0),
  what: fc.nat(16),
  who: fc.nat(PROVERS.length - 1),
  which: fc.nat(40),
});

function pick<T>(values: readonly T[], index: number): T | undefined {
  return values[index % Math.max(1, values.length)];
}

const attempt1 = (job: JobState) => (job.run?.attempt ?? 1) as Attempt;
const challengeOf = (attempt: Attempt) => sha(`challenge ${attempt}`) as string as Challenge;

/** What would happen next if nothing went wrong: without it random commands hardly leave the first phase. */
function naturalNext(job: JobState, { who, which }: Step): JobCommand {
  const { run } = job;
  if (!run) {
    return job.status.kind === 'QUEUED' ? { kind: 'start_planning' } : { kind: 'planned', plan: planOf(SEGMENTS) };
  }
  const dispute = pick(run.disputes, which);
  if (dispute) {
    return { kind: 'commitment_recomputed', segment: dispute.segment, commitment: commitmentOf(dispute.segment) };
  }
  if (run.stage === 'CHALLENGING') {
    return {
      kind: 'challenge_derived',
      attempt: run.attempt,
      challenge: challengeOf(run.attempt),
      commitmentList: null,
    };
  }
  if (run.stage === 'AGGREGATING_LOCALLY') {
    return { kind: 'aggregated_locally', attempt: run.attempt, final: which % 3 ? proofOf('final') : null };
  }
  const tasks = [...run.contribute, ...run.prove, ...(run.aggregate ? [run.aggregate] : [])];
  const phase = openPhase(run);
  const open = tasks.filter((task) => task.ref.kind === phase);
  const ready = open.filter((task) => task.state.kind === 'READY').map((task) => task.ref);
  const task = pick(
    open.filter((task) => task.state.kind === 'ASSIGNED'),
    which,
  );
  if (ready.length > 0 && (which % 2 === 0 || !task)) {
    return assignmentOf(PROVERS[who] ?? anna, ready.slice(which % ready.length));
  }
  const assignment = task?.state.kind === 'ASSIGNED' ? job.assignments.at(task.state.primary - 1) : undefined;
  if (!assignment || !task) return assignmentOf(anna, ready);
  return honestly(run, { prover: assignment.prover, epoch: assignment.epoch, task: task.ref }, which);
}

/** One commitment in eleven is wrong; whoever is to prove a segment with a wrong commitment says so. */
function honestly(run: Run, report: ReportHeader, which: number): JobCommand {
  const { task } = report;
  if (task.kind === 'contribute') return resultOf(report, which % 11 === 0 ? 'wrong' : 'right');
  const slot = task.kind === 'prove' ? run.commitments.at(task.segment) : undefined;
  const known = slot?.kind === 'claimed' ? slot.commitment : null;
  if (task.kind === 'prove' && known !== null && known !== commitmentOf(task.segment)) {
    return { kind: 'dispute_commitment', report, commitment: commitmentOf(task.segment) };
  }
  return resultOf(report);
}

function assignmentOf(
  name: ProverId,
  tasks: readonly TaskRef[],
  grade: 'primary' | 'speculative' = 'primary',
): JobCommand {
  return { kind: 'assign', prover: name, tasks, grade, leaseMs: 1_000 };
}

function resultOf(report: ReportHeader, flavour = 'right'): JobCommand {
  const { task } = report;
  if (task.kind === 'contribute') {
    return { kind: 'report_commitment', report, commitment: commitmentOf(task.segment, flavour), totals: null };
  }
  if (flavour === 'wrong') {
    return { kind: 'proof_checked', report, result: { kind: 'refused', reason: 'constraint 7' } };
  }
  return { kind: 'proof_checked', report, result: { kind: 'verified', artifact: proofOf(taskKey(task)) } };
}

/** Anything at all, right or wrong, in time or not. */
function anything(job: JobState, { what, who, which }: Step): JobCommand {
  const name = PROVERS[who] ?? anna;
  const assignment = pick([...job.assignments], which);
  const task: TaskRef = pick(assignment?.tasks ?? [], which) ?? { kind: 'contribute', segment: 0 as Segment };
  const report = {
    prover: which % 7 === 6 ? name : (assignment?.prover ?? name),
    epoch: assignment?.epoch ?? (1 as Epoch),
    task,
  };
  const segment = ('segment' in task ? task.segment : 0) as Segment;
  const commands: readonly JobCommand[] = [
    assignmentOf(name, openRefs(job), which % 2 === 0 ? 'speculative' : 'primary'),
    resultOf(report),
    resultOf(report, 'wrong'),
    { kind: 'end_assignment', epoch: report.epoch, cause: 'lease_expired', countsAsLoss: which % 5 === 0 },
    { kind: 'end_assignment', epoch: report.epoch, cause: 'overdue', countsAsLoss: false },
    { kind: 'dispute_commitment', report, commitment: commitmentOf(segment, which % 2 === 0 ? 'wrong' : 'right') },
    { kind: 'commitment_recomputed', segment, commitment: commitmentOf(segment) },
    { kind: 'report_failure', report, reason: 'no memory', retryable: which % 2 === 0 },
    { kind: 'aggregated_locally', attempt: attempt1(job), final: null },
    { kind: 'aggregate_locally' },
    { kind: 'proof_lost', attempt: attempt1(job), segment },
    { kind: 'exclude_prover', prover: name },
    { kind: 'hand_back', prover: report.prover, epoch: report.epoch },
    { kind: 'take_over', task },
    {
      kind: 'own_proof',
      attempt: attempt1(job),
      segment,
      artifact: which % 3 === 0 ? null : proofOf(`own ${segment}`),
    },
    { kind: 'allocate', allocation: [name, null] },
    { kind: 'coordinator_task_failed', work: 'recompute', message: 'worker lost', final: null },
    which === 0
      ? { kind: 'cancel', reason: 'enough' }
      : {
          kind: 'challenge_derived',
          attempt: attempt1(job),
          challenge: challengeOf(attempt1(job)),
          commitmentList: null,
        },
  ];
  return commands[what % commands.length] ?? { kind: 'start_planning' };
}

function openRefs({ run }: JobState): TaskRef[] {
  const tasks = run ? [...run.contribute, ...run.prove, ...(run.aggregate ? [run.aggregate] : [])] : [];
  return tasks.filter(isOpen).map((task) => task.ref);
}

function commandOf(job: JobState, step: Step): JobCommand {
  return step.natural ? naturalNext(job, step) : anything(job, step);
}

/** What must hold between a job and what a command made of it. */
function brokenStep(before: JobState, { job, events }: Decision): string[] {
  const problems: string[] = [];
  if (job.lastEvent - before.lastEvent !== events.length) problems.push('events are not numbered one by one');
  if (job.version !== before.version + (job === before ? 0 : 1)) problems.push('the version did not grow by one');
  if (job.assignments.length < before.assignments.length) problems.push('an assignment was forgotten');
  if (isTerminal(before.status) && job !== before) problems.push('a terminal job changed');
  return problems;
}

/** What is shown of a job, counted from its tasks. */
function summaryOf(job: JobState): JobSummary {
  return { header: headerOf(job), output: job.run?.plan.output ?? null, progress: progressOf(job) };
}

/** Lives one job through the steps and compares what the store has with what was decided, every time. */
async function live(store: TaskStore, id: string, steps: readonly Step[]): Promise<JobState> {
  const stored = await StoredJob.submit(store, id, { computeUnits: 2 });
  for (const next of steps) {
    const before = stored.job;
    const decision = await stored.apply(commandOf(before, next));
    const { job } = decision;
    const problems = [...brokenRules(job), ...brokenStep(before, decision)];
    if (job !== before && !isDeepStrictEqual(await stored.loaded(), job)) problems.push('the store has another job');
    if (!isDeepStrictEqual(await store.summary(job.id), summaryOf(job))) problems.push('the store sums it up wrongly');
    if (problems.length > 0) throw new Error(problems.join('; '));
  }
  return stored.job;
}

describe('any sequence of commands', () => {
  let jobs = 0;
  const steps = fc.array(step, { minLength: 1, maxLength: 120, size: 'max' });

  it('keeps every rule of a job, and the memory store holds exactly what was decided', async () => {
    const store = new MemoryStore();
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const job = await live(store, `job-${(jobs += 1)}`, sequence);
        seen.add(job.status.kind).add(`attempt ${job.run?.attempt}`);
        for (const event of await store.events({ job: job.id, after: 0, limit: 1_000 })) seen.add(event.type);
      }),
      { seed: SEED, numRuns: 250 },
    );
    const far = [
      'COMPLETED',
      'FAILED',
      'attempt 2',
      'audit_started',
      'aggregating_locally',
      'aggregated',
      'dispute_resolved',
      'task_failed',
    ];
    expect(far.filter((name) => !seen.has(name))).toEqual([]);
  }, 60_000);

  it('is kept by SQLite just the same', async () => {
    const store = new SqliteStore(':memory:');
    const life = fc.asyncProperty(steps, async (sequence) => void (await live(store, `job-${(jobs += 1)}`, sequence)));
    await expect(fc.assert(life, { seed: SEED, numRuns: 40 })).resolves.toBeUndefined();
    await store.close();
  }, 60_000);
});
