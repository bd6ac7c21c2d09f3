import { BOUNDARY, type ProverId } from '../../../src/domain/ids.js';
import { byAge, fairOrder, sizeClassOf, type JobRank } from '../../../src/domain/assignment/fair-order.js';
import { isLive, type Assignment } from '../../../src/domain/job/assignment.js';
import { openPhase } from '../../../src/domain/job/assigning.js';
import type { JobState, Run } from '../../../src/domain/job/job-state.js';
import { isHeldBy, segmentOf, type Task, type TaskKind } from '../../../src/domain/job/task.js';
import type { ReferenceInput, ServiceHistory } from './assign.js';
import type { AssignmentOptions } from '../../../src/domain/assignment/options.js';
import { proofsOf } from '../../../src/domain/job/assignment-content.js';
import type { ProverView } from '../../../src/domain/assignment/assignment-input.js';

/** One job as the policy sees it while it assigns tasks: what is free, who has how much. */
export class JobView implements JobRank {
  readonly phase: TaskKind | null;
  /** Tasks to assign, in the order in which the owner of a unit works on it; taken ones are removed. */
  readonly ready: Task[];
  /** Unit -> prover, as it will be after the moves made so far. */
  allocation: readonly (ProverId | null)[];
  /** Nothing was ready at first: what takes long is assigned once more. */
  readonly exhausted: boolean;
  attained: number;
  private readonly slotsUsed = new Map<ProverId, number>();

  constructor(
    readonly job: JobState,
    readonly run: Run,
    private readonly options: AssignmentOptions,
    public lastServed: number,
  ) {
    this.phase = openPhase(run);
    this.allocation = run.allocation;
    this.ready = this.phase === null ? [] : readyTasks(run, this.phase);
    this.exhausted = this.ready.length === 0;
    this.attained = attainedBy(run, options);
    for (const assignment of [...job.assignments].filter(isLive)) {
      this.count(assignment.prover, heldSlots(run, assignment, options));
    }
  }

  get id() {
    return this.job.id;
  }

  get submittedAtMs(): number {
    return this.job.submittedAtMs;
  }

  get priority(): number {
    return this.job.request.priority;
  }

  get sizeClass(): number {
    return sizeClassOf(this.run.plan.segments);
  }

  /** Slots the prover's live assignments of this job take. */
  usedBy(prover: ProverId): number {
    return this.slotsUsed.get(prover) ?? 0;
  }

  get used(): number {
    let sum = 0;
    for (const slots of this.slotsUsed.values()) sum += slots;
    return sum;
  }

  unitsOf(prover: ProverId): number {
    return this.allocation.filter((owner) => owner === prover).length;
  }

  /** Slots the job may still take on this prover: it was asked to use no more units than it was allocated. */
  roomFor(prover: ProverId): number {
    if (this.excludes(prover)) return 0;
    return this.unitsOf(prover) * this.options.slotsPerUnit - this.usedBy(prover);
  }

  /** Slots that an aggregation may take, on whatever prover: nothing else of the job is left to do then. */
  get roomForAggregation(): number {
    return this.allocation.length * this.options.slotsPerUnit - this.used;
  }

  /** The unit that a task belongs to: segment i to unit i mod units, the boundary and the aggregation to unit 0. */
  unitOf({ ref }: Task): number {
    return (segmentOf(ref) ?? 0) % this.allocation.length;
  }

  ownerOf(task: Task): ProverId | null {
    return this.allocation[this.unitOf(task)] ?? null;
  }

  /** A simulated job has the tasks of one unit only. */
  isWanted(unit: number): boolean {
    const { simulatedNode } = this.job.request;
    return simulatedNode === null || simulatedNode === unit;
  }

  /** Whether the final proof, which is about as large as all segment proofs, fits into one published message. */
  get fitsOneMessage(): boolean {
    const bytes = proofsOf(this.run).reduce((sum, { size }) => sum + size, 0);
    return bytes <= this.options.publishedProofBytes;
  }

  take(task: Task, prover: ProverId): void {
    this.ready.splice(this.ready.indexOf(task), 1);
    this.attained += this.options.cost[task.ref.kind];
    this.count(prover, this.options.cost[task.ref.kind]);
  }

  /** A speculative assignment takes slots, but no task from the others. */
  double(task: Task, prover: ProverId): void {
    this.count(prover, this.options.cost[task.ref.kind]);
  }

  excludes(prover: ProverId): boolean {
    return this.job.excluded.includes(prover);
  }

  private count(prover: ProverId, slots: number): void {
    this.slotsUsed.set(prover, this.usedBy(prover) + slots);
  }
}

function readyTasks(run: Run, phase: TaskKind): Task[] {
  const own = new Set<number | null>(run.disputes.map((dispute) => dispute.segment));
  if (phase === 'prove') for (const segment of run.ownProofs) own.add(segment);
  const ready = tasksOf(run, phase).filter(({ state, ref }) => state.kind === 'READY' && !own.has(segmentOf(ref)));
  return phase === 'prove' ? boundaryLast(ready) : ready;
}

/**
 * Everybody waits for the last proof to be made, sent and verified, and the boundary's is the shortest in all three.
 */
function boundaryLast(tasks: readonly Task[]): Task[] {
  const isBoundary = ({ ref }: Task) => segmentOf(ref) === BOUNDARY;
  return [...tasks.filter((task) => !isBoundary(task)), ...tasks.filter(isBoundary)];
}

export function tasksOf(run: Run, phase: TaskKind): readonly Task[] {
  if (phase === 'contribute') return [...run.contribute];
  if (phase === 'prove') return [...run.prove];
  return run.aggregate ? [run.aggregate] : [];
}

function attainedBy(run: Run, { cost }: AssignmentOptions): number {
  return [...tasksOf(run, 'contribute'), ...tasksOf(run, 'prove'), ...tasksOf(run, 'aggregate')]
    .filter(({ state }) => state.kind === 'DONE' || state.kind === 'ASSIGNED')
    .reduce((sum, { ref }) => sum + cost[ref.kind], 0);
}

function heldSlots(run: Run, assignment: Assignment, options: AssignmentOptions): number {
  const byKey = tasksOf(run, assignment.phase);
  const tasks = assignment.tasks.filter((ref) => {
    const task = ref.kind === 'aggregate' ? byKey[0] : byKey[ref.segment];
    return task !== undefined && isHeldBy(task, assignment.epoch);
  });
  return tasks.length * options.cost[assignment.phase];
}

/** All jobs, the oldest first, and the provers' free slots across them. */
export class SchedulingView {
  readonly jobs: readonly JobView[];
  readonly options: AssignmentOptions;
  private readonly ableProvers = new Map<JobView, readonly ProverView[]>();

  constructor(
    readonly input: ReferenceInput,
    private readonly history: ServiceHistory,
  ) {
    this.options = input.options;
    for (const { id } of input.jobs) if (!history.lastServed.has(id)) history.lastServed.set(id, history.turns);
    this.jobs = input.jobs
      .flatMap((job) =>
        job.run ? [new JobView(job, job.run, input.options, history.lastServed.get(job.id) ?? 0)] : [],
      )
      .sort(byAge);
  }

  /** Provers that may be given something now. */
  get provers(): readonly ProverView[] {
    return this.input.provers.filter(({ resting }) => !resting);
  }

  /** Provers that may work on the job now. */
  able(job: JobView): readonly ProverView[] {
    return this.ableOrResting(job).filter(({ resting }) => !resting);
  }

  /** Provers that may work on the job, now or when they have rested. */
  ableOrResting(job: JobView): readonly ProverView[] {
    const known = this.ableProvers.get(job);
    if (known) return known;
    const able = this.input.provers.filter(({ prover, mayTake }) => !job.excludes(prover) && mayTake(job.job));
    this.ableProvers.set(job, able);
    return able;
  }

  /** A third-party worker works on one job at a time: until that has ended, others have to wait for it. */
  isFreeFor(job: JobView, { prover, protocol }: ProverView): boolean {
    if (protocol === 'extended') return true;
    return this.jobs.every((other) => other === job || other.excludes(prover) || other.unitsOf(prover) === 0);
  }

  isLate(job: JobView, prover: ProverId): boolean {
    return (this.input.late.get(job.id) ?? []).some((epoch) => job.job.assignments.at(epoch - 1)?.prover === prover);
  }

  usedBy(prover: ProverId): number {
    return this.jobs.reduce((sum, job) => sum + job.usedBy(prover), 0);
  }

  freeOf({ prover, computeUnits }: ProverView): number {
    return computeUnits * this.options.slotsPerUnit - this.usedBy(prover);
  }

  /** A compute unit of the prover has nothing to do. */
  isIdle({ prover, computeUnits }: ProverView): boolean {
    return this.usedBy(prover) < computeUnits * this.options.runningSlots;
  }

  /** Units of jobs for each unit of the prover: what a new allocation evens out. */
  load({ prover, computeUnits }: ProverView): number {
    return this.jobs.reduce((sum, job) => sum + job.unitsOf(prover), 0) / computeUnits;
  }

  /** Jobs in the order in which this prover should serve them. */
  inFairOrder(prover: ProverId): JobView[] {
    return [...this.jobs].sort(fairOrder(this.history.turnsOf.get(prover) ?? 0, this.options));
  }

  /** The prover took something of the job in its turn. */
  served(job: JobView, prover: ProverId): void {
    const { history } = this;
    history.turns += 1;
    job.lastServed = history.turns;
    history.lastServed.set(job.id, history.turns);
    history.turnsOf.set(prover, (history.turnsOf.get(prover) ?? 0) + 1);
  }
}
