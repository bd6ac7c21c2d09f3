import { isDeepStrictEqual } from 'node:util';
import { Assigner } from '../../src/domain/assignment/assigner.js';
import type { AssignmentTimes, Move, ProverView } from '../../src/domain/assignment/assignment-input.js';
import type { AssignmentOptions } from '../../src/domain/assignment/options.js';
import type { JobId, ProverId } from '../../src/domain/ids.js';
import type { JobState } from '../../src/domain/job/job-state.js';
import { assign, endOverdue, lateOf, ServiceHistory } from './reference/assign.js';

export interface PolicyInput extends AssignmentTimes {
  readonly jobs: readonly JobState[];
  /** In order of arrival. */
  readonly provers: readonly ProverView[];
  readonly present: ReadonlySet<ProverId>;
}

/** The product's policy and its reference side by side: both see the same, and must say the same. */
export class BothPolicies {
  private readonly assigner: Assigner;
  private readonly history = new ServiceHistory();
  private readonly jobs = new Set<JobId>();
  private readonly provers = new Set<ProverId>();
  private late: ReturnType<typeof lateOf> = new Map();

  constructor(private readonly options: AssignmentOptions) {
    this.assigner = new Assigner(options);
  }

  /** What ends because it takes too long; from now on both know what is late. */
  checkTimes(input: PolicyInput): Move[] {
    this.tell(input);
    this.late = lateOf(input.jobs, input, this.options);
    const moves = this.assigner.checkTimes(input);
    same(moves, endOverdue({ ...input, late: this.late, options: this.options }, input));
    return moves;
  }

  assign(input: PolicyInput): Move[] {
    this.tell(input);
    const moves = this.assigner.assign(Number.POSITIVE_INFINITY);
    const late = new Map(
      [...this.late].map(([job, epochs]) => [job, epochs.filter((epoch) => isLiveIn(input, job, epoch))]),
    );
    same(moves, assign({ ...input, late, options: this.options }, this.history));
    return moves;
  }

  private tell({ jobs, provers, present }: PolicyInput): void {
    const running = new Set(jobs.map(({ id }) => id));
    for (const id of this.jobs) if (!running.has(id)) this.assigner.forgetJob(id);
    for (const job of jobs) this.assigner.setJob(job);
    for (const id of running) this.jobs.add(id);
    const views = new Map(provers.map((view, order) => [view.prover, { view, order }]));
    for (const id of new Set([...this.provers, ...views.keys(), ...present])) {
      const known = views.get(id);
      this.assigner.setProver(id, known?.view ?? null, present.has(id), known?.order ?? 0);
      this.provers.add(id);
      if (!known && !present.has(id)) this.history.turnsOf.delete(id);
    }
  }
}

function isLiveIn({ jobs }: PolicyInput, id: JobId, epoch: number): boolean {
  return jobs.find((job) => job.id === id)?.assignments.at(epoch - 1)?.state.kind === 'LIVE';
}

/** @throws Error with both where they differ */
function same(moves: readonly Move[], reference: readonly Move[]): void {
  if (isDeepStrictEqual(moves, reference)) return;
  throw new Error(`the policy says ${JSON.stringify(moves)}, its reference ${JSON.stringify(reference)}`);
}
