import { Assigner } from '../../src/domain/assignment/assigner.js';
import type { ProverView } from '../../src/domain/assignment/assignment-input.js';
import type { AssignmentOptions } from '../../src/domain/assignment/options.js';
import type { Challenge, Epoch, JobId, ProverId } from '../../src/domain/ids.js';
import { isTerminal } from '../../src/domain/job/job-state.js';
import { taskKey, type TaskKind, type TaskRef } from '../../src/domain/job/task.js';
import { defined, JobDriver, prover, sha } from './job-driver.js';

/** How long a segment's proof takes: whole numbers, so that times add up exactly. */
export const SEGMENT = 100;
const DURATION: Readonly<Record<TaskKind, number>> = { contribute: 5, prove: SEGMENT, aggregate: 25 };

export interface ModelJob {
  readonly segments: number;
  readonly priority: number;
}

interface AssignedTask {
  readonly job: JobId;
  readonly epoch: Epoch;
  readonly ref: TaskRef;
}

interface ModelProver {
  readonly id: ProverId;
  readonly queue: AssignedTask[];
  running: { readonly task: AssignedTask; readonly until: number } | null;
}

/**
 * The product's policy and rules over provers of one unit that take exactly as long as they should: no network, no store,
 * no faults. Time is counted in hundredths of a segment's proof.
 */
export class FairnessModel {
  private now = 0;
  private readonly jobs = new Map<JobId, JobDriver>();
  private readonly endedAt = new Map<JobId, number>();
  private readonly provers: readonly ModelProver[];
  private readonly assigner: Assigner;
  private submitted = 0;

  constructor(provers: number, options: AssignmentOptions) {
    this.assigner = new Assigner(options);
    this.provers = Array.from({ length: provers }, (_, index) => ({
      id: prover(`prover-${index}`),
      queue: [],
      running: null,
    }));
    for (const [order, { id }] of this.provers.entries()) this.assigner.setProver(id, viewOf(id), true, order);
  }

  get time(): number {
    return this.now;
  }

  /** A job that may use every prover; its plan takes no time. */
  submit({ segments, priority }: ModelJob): JobId {
    this.submitted += 1;
    const id = `job-${this.submitted}` as JobId;
    const driver = new JobDriver({ computeUnits: this.provers.length, priority });
    driver.job = { ...driver.job, id, submittedAtMs: this.submitted };
    this.jobs.set(id, driver.planned(segments));
    this.assign();
    return id;
  }

  /** When it ended; undefined while it has not. */
  endOf(job: JobId): number | undefined {
    return this.endedAt.get(job);
  }

  /** Goes on until the job has ended, or for so long. @returns whether it has */
  runUntil(job: JobId, longest: number): boolean {
    const until = this.now + longest;
    while (!this.endedAt.has(job) && this.now < until) this.step();
    return this.endedAt.has(job);
  }

  /** Goes on to the next moment at which something ends. */
  step(): void {
    const ends = this.provers.flatMap(({ running }) => (running ? [running.until] : []));
    if (ends.length === 0) throw new Error('nobody works, and nothing will ever end');
    this.now = Math.min(...ends);
    for (const one of this.provers) if (one.running && one.running.until <= this.now) this.finish(one);
    this.assign();
  }

  private finish(one: ModelProver): void {
    const { task } = defined(one.running);
    one.running = null;
    const driver = this.jobs.get(task.job);
    if (!driver || isTerminal(driver.job.status)) return;
    const { ref, epoch } = task;
    if (ref.kind === 'contribute') driver.commitment(one.id, epoch, ref.segment);
    else driver.proof(one.id, epoch, taskKey(ref));
    if (driver.job.run?.stage === 'CHALLENGING') {
      const challenge = sha('challenge') as string as Challenge;
      driver.apply({ kind: 'challenge_derived', attempt: driver.run.attempt, challenge, commitmentList: null });
    }
    if (isTerminal(driver.job.status)) this.endedAt.set(task.job, this.now);
  }

  private assign(): void {
    do {
      for (const { job } of this.jobs.values()) this.assigner.setJob(job);
      for (const { job, command } of this.assigner.assign()) {
        const { outcome } = this.applied(job, command);
        if (command.kind !== 'assign' || outcome.kind !== 'assigned') continue;
        const one = defined(this.provers.find(({ id }) => id === command.prover));
        for (const ref of command.tasks) one.queue.push({ job, epoch: outcome.epoch, ref });
      }
      for (const [id, { job }] of this.jobs) if (isTerminal(job.status)) this.jobs.delete(id);
    } while (this.assigner.isBehind);
    for (const one of this.provers) this.start(one);
  }

  private applied(job: JobId, command: Parameters<JobDriver['apply']>[0]) {
    return { outcome: defined(this.jobs.get(job)).apply(command) };
  }

  private start(one: ModelProver): void {
    const task = one.running ? undefined : one.queue.shift();
    if (task) one.running = { task, until: this.now + DURATION[task.ref.kind] };
  }
}

function viewOf(id: ProverId): ProverView {
  return {
    prover: id,
    computeUnits: 1,
    protocol: 'extended',
    resting: false,
    mayTake: () => true,
    hasRoom: () => true,
  };
}

/** How long a job takes on so many provers that have nothing else to do. */
export function loneTime(job: ModelJob, provers: number, options: AssignmentOptions): number {
  const model = new FairnessModel(provers, options);
  const id = model.submit(job);
  if (!model.runUntil(id, Number.POSITIVE_INFINITY)) throw new Error('a job alone always ends');
  return defined(model.endOf(id));
}
