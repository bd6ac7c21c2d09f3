import { BOUNDARY } from '../ids.js';
import { segmentOf, type Task } from '../job/task.js';
import { AssignmentBuilder } from './assignment-builder.js';
import type { SchedulingView, JobView } from './scheduling-view.js';
import { isOpenTo, isOrphaned } from './rules.js';
import { stolenPartition, ownPartition, takePartition, orphanedPartition, type PartitionChoice } from './partitions.js';
import type { Move, ProverView } from './assignment-input.js';

/** What is assigned in one round: a task at a time to provers of ours, a whole partition to peers of the published schema. */
interface Round {
  readonly task: (view: SchedulingView, job: JobView, prover: ProverView) => Task | undefined;
  readonly partition: PartitionChoice;
}

const ROUNDS: readonly Round[] = [
  { task: ownTask, partition: ownPartition },
  { task: orphanedTask, partition: orphanedPartition },
  { task: stolenTask, partition: stolenPartition },
];

/**
 * Assigns ready tasks. First everybody's own partition, a chunk at a time so that jobs and provers take turns; then
 * whoever has an idle unit takes what nobody owns, and last what its owner has no room for.
 */
export function assignTasks(view: SchedulingView): Move[] {
  const builder = new AssignmentBuilder();
  for (const round of ROUNDS) {
    while (view.input.provers.filter((prover) => takeTurn(view, prover, round, builder)).length > 0);
  }
  return builder.moves(view.options.leaseMs);
}

function takeTurn(
  view: SchedulingView,
  prover: ProverView,
  { task, partition }: Round,
  builder: AssignmentBuilder,
): boolean {
  return prover.protocol === 'baseline'
    ? takePartition(view, prover, partition, builder)
    : takeChunk(view, prover, task, builder);
}

/** One turn of one prover: up to a running unit's worth of one job. */
function takeChunk(
  view: SchedulingView,
  prover: ProverView,
  choose: Round['task'],
  builder: AssignmentBuilder,
): boolean {
  for (const job of view.fairOrder(prover.prover)) {
    let slots = 0;
    while (slots < view.options.runningSlots) {
      const task = fits(view, job, prover) ? choose(view, job, prover) : undefined;
      if (!task) break;
      job.take(task, prover.prover);
      builder.add(job, prover, task);
      slots += view.options.cost[task.ref.kind];
    }
    if (slots > 0) return true;
  }
  return false;
}

function fits(view: SchedulingView, job: JobView, prover: ProverView): boolean {
  if (job.phase === null || job.excludes(prover.prover)) return false;
  const cost = view.options.cost[job.phase];
  const room = job.phase === 'aggregate' ? job.roomForAggregation : job.roomFor(prover.prover);
  return cost <= view.freeOf(prover) && cost <= room;
}

function ownTask(view: SchedulingView, job: JobView, prover: ProverView): Task | undefined {
  if (job.phase === 'aggregate') return undefined;
  return job.ready.find((task) => job.ownerOf(task) === prover.prover && isOpenTo(task, prover));
}

/** Also the aggregation, which is nobody's own. */
function orphanedTask(view: SchedulingView, job: JobView, prover: ProverView): Task | undefined {
  if (!view.isIdle(prover)) return undefined;
  return job.ready.find((task) => isOrphaned(view, job, task) && isOpenTo(task, prover));
}

/** From the far end, where the owner would come last; but the boundary only when nothing else is left. */
function stolenTask(view: SchedulingView, job: JobView, prover: ProverView): Task | undefined {
  if (!view.isIdle(prover)) return undefined;
  const isOpen = (task: Task) => isOpenTo(task, prover);
  return job.ready.findLast((task) => segmentOf(task.ref) !== BOUNDARY && isOpen(task)) ?? job.ready.find(isOpen);
}
