import type { Challenge, Epoch, JobId, Commitment, ProverId, Attempt, Segment, Sha256 } from '../../src/domain/ids.js';
import type { JobCommand, ReportHeader } from '../../src/domain/job/command.js';
import { decide } from '../../src/domain/job/decide.js';
import type { Decision, Now, Outcome } from '../../src/domain/job/decision.js';
import type { Effect } from '../../src/domain/job/effect.js';
import type { AssignmentGrade } from '../../src/domain/job/assignment.js';
import { newJob, type ArtifactRef, type JobState, type Plan, type Run } from '../../src/domain/job/job-state.js';
import { DEFAULT_RULES, type JobRequest, type JobRules } from '../../src/domain/job/request.js';
import { parseTaskKey, taskKey, type Task } from '../../src/domain/job/task.js';
import type { Verdict } from '../../src/domain/verdict.js';

export const sha = (text: string): Sha256 => Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64) as Sha256;
export const commitmentOf = (segment: number, author = 'right'): Commitment =>
  sha(`commitment ${segment} ${author}`) as string as Commitment;
export const proofOf = (text: string): ArtifactRef => ({ sha256: sha(text), size: text.length });
export const prover = (name: string): ProverId => name as ProverId;

export const REQUEST: JobRequest = {
  program: sha('program'),
  input: sha('input'),
  computeUnits: 2,
  priority: 0,
  segmentCycles: 1024,
  limits: { maxCycles: 1_000_000, maxMemoryBytes: 1 << 20, maxOutputBytes: 1024 },
  deadlineMs: null,
  labels: {},
  simulatedNode: null,
};

export const planOf = (segments: number): Plan => ({
  segments,
  cycles: segments * 1000,
  exitCode: 0,
  programDigest: sha('decoded'),
  vkDigest: sha('vk'),
  output: '2a',
});

/** The value, which the test takes for granted. */
export function defined<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('the test expected a value here');
  return value;
}

/** A job under test: applies commands in order and keeps what came of them. */
export class JobDriver {
  job: JobState;
  effects: Effect[] = [];
  quarantined: string[] = [];
  now: Now = { monoMs: 0, wallMs: 1_000_000 };

  constructor(request: Partial<JobRequest> = {}, rules: Partial<JobRules> = {}) {
    this.job = newJob('job' as JobId, { ...REQUEST, ...request }, { ...DEFAULT_RULES, ...rules }, 1_000_000);
  }

  get run(): Run {
    if (!this.job.run) throw new Error('the job has no plan yet');
    return this.job.run;
  }

  apply(command: JobCommand): Outcome {
    const decision: Decision = decide(this.job, command, this.now);
    this.job = decision.job;
    this.effects = [...decision.effects];
    this.quarantined.push(...decision.quarantines.map((entry) => entry.prover));
    return decision.outcome;
  }

  /** To RUNNING with so many segments besides the boundary. */
  planned(segments = 2): this {
    this.apply({ kind: 'start_planning' });
    this.apply({ kind: 'planned', plan: planOf(segments) });
    return this;
  }

  assignment(name: string, keys: readonly string[], grade: AssignmentGrade = 'primary'): Epoch {
    const tasks = keys.map(parseTaskKey);
    const outcome = this.apply({ kind: 'assign', prover: prover(name), tasks, grade, leaseMs: 15_000 });
    if (outcome.kind !== 'assigned') throw new Error(`not assigned: ${JSON.stringify(outcome)}`);
    return outcome.epoch;
  }

  header(name: string, epoch: number, key: string): ReportHeader {
    return { prover: prover(name), epoch: epoch as Epoch, task: parseTaskKey(key) };
  }

  commitment(name: string, epoch: number, segment: number, commitment = commitmentOf(segment)): Verdict {
    const report = this.header(name, epoch, `contribute/${segment}`);
    return this.verdict(this.apply({ kind: 'report_commitment', report, commitment, totals: null }));
  }

  proof(name: string, epoch: number, key: string, text = `proof ${key}`): Verdict {
    const report = this.header(name, epoch, key);
    const reported = this.apply({ kind: 'report_proof', report, artifact: proofOf(text) });
    if (reported.kind === 'verdict') return reported.verdict;
    const result = { kind: 'verified', artifact: proofOf(text) } as const;
    return this.verdict(this.apply({ kind: 'proof_checked', report, result }));
  }

  badProof(name: string, epoch: number, key: string): Verdict {
    const report = this.header(name, epoch, key);
    const result = { kind: 'refused', reason: 'constraint 7 does not hold' } as const;
    return this.verdict(this.apply({ kind: 'proof_checked', report, result }));
  }

  /** One prover gives every missing commitment; then the challenge of the attempt. */
  challenged(name = 'anna'): this {
    const open = [...this.run.contribute]
      .filter((task) => task.state.kind === 'READY')
      .map((task) => taskKey(task.ref));
    if (open.length > 0) {
      const epoch = this.assignment(name, open);
      for (const key of open) this.commitment(name, epoch, Number(key.split('/')[1]));
    }
    this.apply({
      kind: 'challenge_derived',
      attempt: this.run.attempt,
      challenge: sha(`challenge ${this.run.attempt}`) as string as Challenge,
      commitmentList: null,
    });
    return this;
  }

  /** One prover proves every open segment of the attempt. */
  proven(name = 'anna'): this {
    const open = [...this.run.prove].filter((task) => task.state.kind === 'READY').map((task) => taskKey(task.ref));
    const epoch = this.assignment(name, open);
    for (const key of open) this.proof(name, epoch, key);
    return this;
  }

  recompute(segment: number, commitment = commitmentOf(segment)): Outcome {
    return this.apply({ kind: 'commitment_recomputed', segment: segment as Segment, commitment });
  }

  task(key: string): Task {
    const ref = parseTaskKey(key);
    const { run } = this;
    const task =
      ref.kind === 'contribute'
        ? run.contribute.at(ref.segment)
        : ref.kind === 'prove'
          ? run.prove.at(ref.segment)
          : run.aggregate;
    if (!task || taskKey(task.ref) !== key) throw new Error(`no task ${key}`);
    return task;
  }

  get attempt(): Attempt {
    return this.run.attempt;
  }

  effectKinds(): string[] {
    return this.effects.map((effect) =>
      effect.kind === 'coordinator_task' ? `coordinator_task ${effect.work}` : effect.kind,
    );
  }

  private verdict(outcome: Outcome): Verdict {
    if (outcome.kind !== 'verdict') throw new Error(`no verdict: ${JSON.stringify(outcome)}`);
    return outcome.verdict;
  }
}
