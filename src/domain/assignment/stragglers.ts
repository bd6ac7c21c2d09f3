import type { Epoch } from '../ids.js';
import { isLive, type Assignment } from '../job/assignment.js';
import type { Task } from '../job/task.js';
import { tasksOf, type SchedulingView, type JobView } from './scheduling-view.js';
import { isOpenTo } from './rules.js';
import type { Move, ProverView } from './assignment-input.js';

/**
 * Near the end of a phase, a prover with an idle unit also takes the slowest outstanding task; the first verified
 * result wins. One primary and one speculative assignment is the most a task can have.
 */
export function speculate(view: SchedulingView): Move[] {
  return view.jobs
    .filter((job) => job.phase !== null && job.ready.length === 0)
    .flatMap((job) => speculateOn(view, job, stragglers(view, job)));
}

function speculateOn(view: SchedulingView, job: JobView, slow: Outstanding[]): Move[] {
  if (slow.length === 0) return [];
  return view.input.provers.flatMap((prover) => {
    const index = canHelp(view, job, prover)
      ? slow.findIndex(({ task, assignment }) => assignment.prover !== prover.prover && isOpenTo(task, prover))
      : -1;
    return slow.splice(index, index < 0 ? 0 : 1).map(({ task }) => speculative(view, job, prover, task));
  });
}

function canHelp(view: SchedulingView, job: JobView, prover: ProverView): boolean {
  if (prover.protocol === 'baseline' || !view.isIdle(prover) || job.phase === null) return false;
  return view.options.cost[job.phase] <= job.roomFor(prover.prover);
}

function speculative(view: SchedulingView, job: JobView, { prover }: ProverView, task: Task): Move {
  job.duplicate(task, prover);
  const { leaseMs } = view.options;
  return { job: job.job.id, command: { kind: 'assign', prover, tasks: [task.ref], grade: 'speculative', leaseMs } };
}

interface Outstanding {
  readonly task: Task;
  readonly assignment: Assignment;
  readonly idleMs: number;
}

/** What takes longer than usual and has one holder only, the slowest first. */
function stragglers(view: SchedulingView, job: JobView): Outstanding[] {
  const timeoutMs = speculationTimeoutMs(view, job);
  return outstanding(view, job)
    .filter(({ idleMs }) => idleMs >= timeoutMs)
    .sort((a, b) => b.idleMs - a.idleMs);
}

function outstanding(view: SchedulingView, job: JobView): Outstanding[] {
  if (job.phase === null) return [];
  return tasksOf(job.run, job.phase).flatMap((task) => {
    if (task.state.kind !== 'ASSIGNED' || task.state.speculative !== null) return [];
    const assignment = assignmentOf(job, task.state.primary);
    const idleMs = assignment && view.input.idleMs({ job: job.job.id, epoch: assignment.epoch });
    return assignment && typeof idleMs === 'number' ? [{ task, assignment, idleMs }] : [];
  });
}

function assignmentOf(job: JobView, epoch: Epoch): Assignment | undefined {
  return job.job.assignments.at(epoch - 1);
}

function speculationTimeoutMs(view: SchedulingView, job: JobView): number {
  const { speculateAfter, speculateFloorMs, speculateBlindMs } = view.options;
  const usual = job.phase && view.input.medianMs(job.job.id, job.phase);
  return usual === null ? speculateBlindMs : Math.max(speculateFloorMs, usual * speculateAfter);
}

/**
 * A prover that says it is there but gives no result for very long, while another has nothing to do, is quarantined:
 * otherwise two of them could hold a task for ever.
 */
export function dropOverdue(view: SchedulingView): Move[] {
  return view.jobs.flatMap((job) =>
    [...job.job.assignments]
      .filter((assignment) => isLive(assignment) && isOverdue(view, job, assignment))
      .map((assignment) => ({
        job: job.job.id,
        command: { kind: 'end_assignment', epoch: assignment.epoch, cause: 'overdue', countsAsLoss: false } as const,
      })),
  );
}

function isOverdue(view: SchedulingView, job: JobView, assignment: Assignment): boolean {
  const idleMs = view.input.idleMs({ job: job.job.id, epoch: assignment.epoch });
  const { overdueAfter, overdueFloorMs } = view.options;
  const usual = view.input.medianMs(job.job.id, assignment.phase) ?? 0;
  if (idleMs === null || idleMs < Math.max(overdueFloorMs, usual * overdueAfter)) return false;
  return view.able(job).some((other) => other.prover !== assignment.prover && view.isIdle(other));
}
