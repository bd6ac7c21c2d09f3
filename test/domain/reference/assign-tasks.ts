import { BOUNDARY } from '../../../src/domain/ids.js';
import { isLive } from '../../../src/domain/job/assignment.js';
import { segmentOf, taskKey, type Task, type TaskRef } from '../../../src/domain/job/task.js';
import type { Move, ProverView } from '../../../src/domain/assignment/assignment-input.js';
import { partitionOf } from './partitions.js';
import { isOpenTo, isOrphaned } from './rules.js';
import { tasksOf, type JobView, type SchedulingView } from './scheduling-view.js';

type Pass = 'running' | 'next' | 'stolen';

/** What was chosen: one assignment for each job and prover, and one for each task that is assigned once more. */
class Chosen {
  readonly primary = new Map<string, { job: JobView; prover: ProverView; tasks: TaskRef[] }>();
  readonly speculative: Move[] = [];
  readonly doubled = new Set<Task>();

  add(job: JobView, prover: ProverView, task: Task): void {
    const key = `${job.id} ${prover.prover}`;
    const entry = this.primary.get(key) ?? { job, prover, tasks: [] };
    entry.tasks.push(task.ref);
    this.primary.set(key, entry);
  }
}

/**
 * First whoever has an idle unit gets something to do, then everybody the next piece besides, and last whoever is still
 * idle takes what its owner has no room for. Jobs and provers take turns.
 */
export function assignTasks(view: SchedulingView): Move[] {
  const chosen = new Chosen();
  for (const pass of ['running', 'next', 'stolen'] as const) {
    let taking = view.provers;
    while (taking.length > 0) taking = taking.filter((prover) => takeTurn(view, prover, pass, chosen));
  }
  const { leaseMs } = view.options;
  const primary = [...chosen.primary.values()].map(({ job, prover: { prover }, tasks }): Move => {
    return { job: job.id, command: { kind: 'assign', prover, tasks, grade: 'primary', leaseMs } };
  });
  return [...primary, ...chosen.speculative];
}

function takeTurn(view: SchedulingView, prover: ProverView, pass: Pass, chosen: Chosen): boolean {
  const isThirdParty = prover.protocol === 'baseline';
  if (isThirdParty && (pass !== 'running' || view.usedBy(prover.prover) > 0)) return false;
  if (!isThirdParty && pass !== 'next' && !view.isIdle(prover)) return false;
  const take = isThirdParty ? takePartition : takeChunk;
  for (const job of view.inFairOrder(prover.prover)) {
    if (!take(view, job, prover, chosen, pass)) {
      if (!isThirdParty && waitsForRoom(view, job, prover)) return false;
      continue;
    }
    view.served(job, prover.prover);
    return true;
  }
  return false;
}

function takePartition(view: SchedulingView, job: JobView, prover: ProverView, chosen: Chosen): boolean {
  const tasks = partitionOf(view, job, prover);
  for (const task of tasks) {
    job.take(task, prover.prover);
    chosen.add(job, prover, task);
  }
  return tasks.length > 0;
}

/** Up to a running unit's worth of one job. */
function takeChunk(view: SchedulingView, job: JobView, prover: ProverView, chosen: Chosen, pass: Pass): boolean {
  let slots = 0;
  while (slots < view.options.runningSlots && fits(view, job, prover)) {
    const task = takeTask(view, job, prover, chosen, pass);
    if (!task) break;
    slots += view.options.cost[task.ref.kind];
  }
  return slots > 0;
}

function fits(view: SchedulingView, job: JobView, prover: ProverView): boolean {
  if (job.phase === null || job.excludes(prover.prover)) return false;
  const cost = view.options.cost[job.phase];
  return cost <= view.freeOf(prover) && cost <= roomOf(job, prover);
}

function roomOf(job: JobView, prover: ProverView): number {
  return job.phase === 'aggregate' ? job.roomForAggregation : job.roomFor(prover.prover);
}

/** What it is to do of the job is larger than what it has free: smaller tasks of others wait behind it. */
function waitsForRoom(view: SchedulingView, job: JobView, prover: ProverView): boolean {
  if (job.phase === null || job.excludes(prover.prover)) return false;
  const cost = view.options.cost[job.phase];
  if (cost > roomOf(job, prover) || cost <= view.freeOf(prover)) return false;
  return (own(job, prover) ?? orphaned(view, job, prover)) !== undefined;
}

function takeTask(
  view: SchedulingView,
  job: JobView,
  prover: ProverView,
  chosen: Chosen,
  pass: Pass,
): Task | undefined {
  const task = pass === 'stolen' ? stolen(view, job, prover) : (own(job, prover) ?? orphaned(view, job, prover));
  if (task) {
    job.take(task, prover.prover);
    chosen.add(job, prover, task);
    return task;
  }
  const slow = pass === 'stolen' ? undefined : straggler(view, job, prover, chosen);
  if (!slow) return undefined;
  job.double(slow, prover.prover);
  chosen.doubled.add(slow);
  const { leaseMs } = view.options;
  const command = { kind: 'assign', prover: prover.prover, tasks: [slow.ref], grade: 'speculative', leaseMs } as const;
  chosen.speculative.push({ job: job.id, command });
  return slow;
}

function own(job: JobView, prover: ProverView): Task | undefined {
  if (job.phase === 'aggregate') return undefined;
  return job.ready.find((task) => job.ownerOf(task) === prover.prover && isOpenTo(task, prover));
}

/** Also the aggregation, which is nobody's own. */
function orphaned(view: SchedulingView, job: JobView, prover: ProverView): Task | undefined {
  return job.ready.find((task) => isOrphaned(view, job, task) && isOpenTo(task, prover));
}

/** From the far end, where the owner would come last; but the boundary only when nothing else is left. */
function stolen(view: SchedulingView, job: JobView, prover: ProverView): Task | undefined {
  if (!view.isIdle(prover)) return undefined;
  const isOpen = (task: Task) => isOpenTo(task, prover);
  return job.ready.findLast((task) => segmentOf(task.ref) !== BOUNDARY && isOpen(task)) ?? job.ready.find(isOpen);
}

/** The slowest outstanding task that has one holder only, and that is somebody else. */
function straggler(view: SchedulingView, job: JobView, prover: ProverView, chosen: Chosen): Task | undefined {
  if (!job.exhausted || job.phase === null) return undefined;
  const tasks = new Map(tasksOf(job.run, job.phase).map((task) => [taskKey(task.ref), task]));
  for (const epoch of view.input.late.get(job.id) ?? []) {
    const assignment = job.job.assignments.at(epoch - 1);
    if (!assignment || !isLive(assignment) || assignment.prover === prover.prover) continue;
    const slow = assignment.tasks
      .flatMap((ref) => tasks.get(taskKey(ref)) ?? [])
      .find((task) => {
        if (task.state.kind !== 'ASSIGNED' || chosen.doubled.has(task) || !isOpenTo(task, prover)) return false;
        return task.state.primary === epoch && task.state.speculative === null;
      });
    if (slow) return slow;
  }
  return undefined;
}
