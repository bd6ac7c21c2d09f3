import type { ProverId } from '../ids.js';
import { isLive } from '../job/grant.js';
import { openPhase } from '../job/granting.js';
import type { JobState, Run } from '../job/job-state.js';
import { isHeldBy, segmentOf, type Task, type TaskKind } from '../job/task.js';
import type { AssignmentOptions } from './options.js';
import type { AssignmentView, ProverView } from './view.js';

/** One job as the policy sees it while it hands out work: what is free, who has how much. */
export class JobBoard {
  readonly phase: TaskKind | null;
  /** Tasks to hand out, lowest segment first; taken ones are removed. */
  readonly ready: Task[];
  /** Unit -> prover, as it will be after the moves made so far. */
  dealing: readonly (ProverId | null)[];
  readonly #used = new Map<ProverId, number>();

  constructor(
    readonly job: JobState,
    readonly run: Run,
    private readonly options: AssignmentOptions,
  ) {
    this.phase = openPhase(run);
    this.dealing = run.dealing;
    this.ready = this.phase === null ? [] : readyTasks(run, this.phase);
    for (const grant of job.grants) if (isLive(grant)) this.#count(grant.prover, heldSlots(run, grant, options));
  }

  /** Slots the prover's live grants of this job take. */
  usedBy(prover: ProverId): number {
    return this.#used.get(prover) ?? 0;
  }

  get used(): number {
    let sum = 0;
    for (const slots of this.#used.values()) sum += slots;
    return sum;
  }

  unitsOf(prover: ProverId): number {
    return this.dealing.filter((owner) => owner === prover).length;
  }

  /** Slots the job may still take on this prover: it was asked to use no more units than it was dealt. */
  roomFor(prover: ProverId): number {
    if (this.excludes(prover)) return 0;
    return this.unitsOf(prover) * this.options.slotsPerUnit - this.usedBy(prover);
  }

  ownerOf(task: Task): ProverId | null {
    const segment = segmentOf(task.ref) ?? 0;
    return this.dealing[segment % this.dealing.length] ?? null;
  }

  take(task: Task, prover: ProverId): void {
    this.ready.splice(this.ready.indexOf(task), 1);
    this.#count(prover, this.options.cost[task.ref.kind]);
  }

  /** A speculative grant takes slots, but no task from the others. */
  share(task: Task, prover: ProverId): void {
    this.#count(prover, this.options.cost[task.ref.kind]);
  }

  excludes(prover: ProverId): boolean {
    return this.job.excluded.includes(prover);
  }

  #count(prover: ProverId, slots: number): void {
    this.#used.set(prover, this.usedBy(prover) + slots);
  }
}

function readyTasks(run: Run, phase: TaskKind): Task[] {
  const disputed = new Set<number | null>(run.disputes.map((dispute) => dispute.segment));
  return tasksOf(run, phase).filter((task) => task.state.kind === 'READY' && !disputed.has(segmentOf(task.ref)));
}

export function tasksOf(run: Run, phase: TaskKind): readonly Task[] {
  if (phase === 'contribute') return run.contribute;
  if (phase === 'prove') return run.prove;
  return run.aggregate ? [run.aggregate] : [];
}

function heldSlots(run: Run, grant: JobState['grants'][number], options: AssignmentOptions): number {
  const byKey = tasksOf(run, grant.phase);
  const held = grant.tasks.filter((ref) => {
    const task = ref.kind === 'aggregate' ? byKey[0] : byKey[ref.segment];
    return task !== undefined && isHeldBy(task, grant.epoch);
  });
  return held.length * options.cost[grant.phase];
}

/** All boards and the provers' free slots across jobs. */
export class Board {
  readonly jobs: readonly JobBoard[];
  readonly options: AssignmentOptions;

  constructor(readonly view: AssignmentView) {
    this.options = view.options;
    this.jobs = view.jobs.flatMap((job) => (job.run ? [new JobBoard(job, job.run, view.options)] : []));
  }

  usedBy(prover: ProverId): number {
    return this.jobs.reduce((sum, job) => sum + job.usedBy(prover), 0);
  }

  freeOf({ prover, computeUnits }: ProverView): number {
    return computeUnits * this.options.slotsPerUnit - this.usedBy(prover);
  }

  /** A compute unit of the prover has nothing to do. */
  isHungry({ prover, computeUnits }: ProverView): boolean {
    return this.usedBy(prover) < computeUnits * this.options.runningSlots;
  }

  /** Share of the prover's units that jobs count on: what a new dealing evens out. */
  dealtShare({ prover, computeUnits }: ProverView): number {
    return this.jobs.reduce((sum, job) => sum + job.unitsOf(prover), 0) / computeUnits;
  }

  /** Jobs in the order in which this prover should serve them. */
  fairOrder(prover: ProverId): JobBoard[] {
    return [...this.jobs].sort(
      (a, b) =>
        b.job.request.priority - a.job.request.priority ||
        a.usedBy(prover) - b.usedBy(prover) ||
        a.used / a.dealing.length - b.used / b.dealing.length ||
        a.job.submittedAtMs - b.job.submittedAtMs,
    );
  }
}
