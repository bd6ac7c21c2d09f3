import type { Task } from '../job/task.js';
import type { AssignmentBuilder } from './assignment-builder.js';
import type { SchedulingView, JobView } from './scheduling-view.js';
import { canAggregate, isOpenTo, isOrphaned } from './rules.js';
import type { ProverView } from './assignment-input.js';

/** The tasks of a job that a peer of the published schema takes in one message, if any. */
export type PartitionChoice = (view: SchedulingView, job: JobView, prover: ProverView) => readonly Task[];

/**
 * A peer of the published schema holds one assignment at a time, and each is a whole partition: everything that is to be done
 * now of the units it owns, then of one unit that was lost or whose owner may not do it.
 */
export function takePartition(
  view: SchedulingView,
  prover: ProverView,
  choose: PartitionChoice,
  builder: AssignmentBuilder,
): boolean {
  if (view.usedBy(prover.prover) > 0) return false;
  for (const job of view.fairOrder(prover.prover)) {
    const mayTurnTo = job.unitsOf(prover.prover) > 0 && view.able(job).includes(prover);
    if (!mayTurnTo || !view.isFreeFor(job, prover)) continue;
    const partition = choose(view, job, prover);
    for (const task of partition) {
      job.take(task, prover.prover);
      builder.add(job, prover, task);
    }
    if (partition.length > 0) return true;
  }
  return false;
}

export function ownPartition(view: SchedulingView, job: JobView, prover: ProverView): readonly Task[] {
  if (job.phase === 'aggregate') return [];
  return job.ready.filter((task) => job.ownerOf(task) === prover.prover && isOpenTo(task, prover));
}

/** A partition that nobody has any more; the aggregation, where no prover of ours is there for it. */
export function orphanedPartition(view: SchedulingView, job: JobView, prover: ProverView): readonly Task[] {
  if (job.phase !== 'aggregate') return firstUnit(job, job.ready.filter(open(view, job, prover, isOrphaned)));
  const isLeftToPeers = view.able(job).every(({ protocol }) => protocol === 'baseline');
  return isLeftToPeers && canAggregate(job, prover) ? [...job.ready] : [];
}

/** Work that must not be done by the prover whose partition it is, for example the check of its own commitments. */
export function stolenPartition(view: SchedulingView, job: JobView, prover: ProverView): readonly Task[] {
  if (job.phase === 'aggregate') return [];
  const isBarredFromOwner = (_: SchedulingView, __: JobView, task: Task) => {
    const owner = job.ownerOf(task);
    return owner !== null && task.barred.includes(owner);
  };
  return firstUnit(job, job.ready.filter(open(view, job, prover, isBarredFromOwner)));
}

type Test = (view: SchedulingView, job: JobView, task: Task) => boolean;

function open(view: SchedulingView, job: JobView, prover: ProverView, test: Test): (task: Task) => boolean {
  return (task) => test(view, job, task) && isOpenTo(task, prover);
}

function firstUnit(job: JobView, tasks: readonly Task[]): readonly Task[] {
  const [first] = tasks;
  return first ? tasks.filter((task) => job.unitOf(task) === job.unitOf(first)) : [];
}
