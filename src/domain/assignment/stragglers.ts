import type { Epoch } from '../ids.js';
import { isLive, type Grant } from '../job/grant.js';
import type { Task } from '../job/task.js';
import { tasksOf, type SchedulingView, type JobView } from './scheduling-view.js';
import { isOpenTo } from './rules.js';
import type { Move, ProverView } from './assignment-input.js';

/**
 * Near the end of a phase, a prover with an idle unit also takes the slowest outstanding task; the first verified
 * result wins. One primary and one speculative grant is the most a task can have.
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
      ? slow.findIndex(({ task, grant }) => grant.prover !== prover.prover && isOpenTo(task, prover))
      : -1;
    return slow.splice(index, index < 0 ? 0 : 1).map(({ task }) => speculative(view, job, prover, task));
  });
}

function canHelp(view: SchedulingView, job: JobView, prover: ProverView): boolean {
  if (prover.dialect === 'published' || !view.isIdle(prover) || job.phase === null) return false;
  return view.options.cost[job.phase] <= job.roomFor(prover.prover);
}

function speculative(view: SchedulingView, job: JobView, { prover }: ProverView, task: Task): Move {
  job.share(task, prover);
  const { leaseMs } = view.options;
  return { job: job.job.id, command: { kind: 'grant', prover, tasks: [task.ref], grade: 'speculative', leaseMs } };
}

interface Outstanding {
  readonly task: Task;
  readonly grant: Grant;
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
    if (task.state.kind !== 'GRANTED' || task.state.speculative !== null) return [];
    const grant = grantOf(job, task.state.primary);
    const idleMs = grant && view.input.idleMs({ job: job.job.id, epoch: grant.epoch });
    return grant && typeof idleMs === 'number' ? [{ task, grant, idleMs }] : [];
  });
}

function grantOf(job: JobView, epoch: Epoch): Grant | undefined {
  return job.job.grants.at(epoch - 1);
}

function speculationTimeoutMs(view: SchedulingView, job: JobView): number {
  const { speculateAfter, speculateFloorMs, speculateBlindMs } = view.options;
  const usual = job.phase && view.input.medianMs(job.job.id, job.phase);
  return usual === null ? speculateBlindMs : Math.max(speculateFloorMs, usual * speculateAfter);
}

/**
 * A prover that says it is there but gives no result for very long, while another has nothing to do, is set aside:
 * otherwise two of them could hold a task for ever.
 */
export function dropOverdue(view: SchedulingView): Move[] {
  return view.jobs.flatMap((job) =>
    [...job.job.grants]
      .filter((grant) => isLive(grant) && isOverdue(view, job, grant))
      .map((grant) => ({
        job: job.job.id,
        command: { kind: 'end_grant', epoch: grant.epoch, cause: 'overdue', countsAsLoss: false } as const,
      })),
  );
}

function isOverdue(view: SchedulingView, job: JobView, grant: Grant): boolean {
  const idleMs = view.input.idleMs({ job: job.job.id, epoch: grant.epoch });
  const { overdueAfter, overdueFloorMs } = view.options;
  const usual = view.input.medianMs(job.job.id, grant.phase) ?? 0;
  if (idleMs === null || idleMs < Math.max(overdueFloorMs, usual * overdueAfter)) return false;
  return view.able(job).some((other) => other.prover !== grant.prover && view.isIdle(other));
}
