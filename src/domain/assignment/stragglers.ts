import type { Epoch } from '../ids.js';
import { isLive, type Grant } from '../job/grant.js';
import type { Task } from '../job/task.js';
import { tasksOf, type Board, type JobBoard } from './board.js';
import { isOpenTo } from './rules.js';
import type { Move, ProverView } from './view.js';

/**
 * Near the end of a phase, a prover with an idle unit also takes the slowest outstanding task; the first verified
 * result wins. One primary and one speculative grant is the most a task can have.
 */
export function speculate(board: Board): Move[] {
  return board.jobs
    .filter((job) => job.phase !== null && job.ready.length === 0)
    .flatMap((job) => speculateOn(board, job, stragglers(board, job)));
}

function speculateOn(board: Board, job: JobBoard, slow: Outstanding[]): Move[] {
  if (slow.length === 0) return [];
  return board.view.provers.flatMap((prover) => {
    const index = canHelp(board, job, prover)
      ? slow.findIndex(({ task, grant }) => grant.prover !== prover.prover && isOpenTo(task, prover))
      : -1;
    return slow.splice(index, index < 0 ? 0 : 1).map(({ task }) => speculative(board, job, prover, task));
  });
}

function canHelp(board: Board, job: JobBoard, prover: ProverView): boolean {
  if (prover.dialect === 'published' || !board.isHungry(prover) || job.phase === null) return false;
  return board.options.cost[job.phase] <= job.roomFor(prover.prover);
}

function speculative(board: Board, job: JobBoard, { prover }: ProverView, task: Task): Move {
  job.share(task, prover);
  const { leaseMs } = board.options;
  return { job: job.job.id, command: { kind: 'grant', prover, tasks: [task.ref], grade: 'speculative', leaseMs } };
}

interface Outstanding {
  readonly task: Task;
  readonly grant: Grant;
  readonly idleMs: number;
}

/** What takes longer than usual and has one holder only, the slowest first. */
function stragglers(board: Board, job: JobBoard): Outstanding[] {
  const patienceMs = patience(board, job);
  return outstanding(board, job)
    .filter(({ idleMs }) => idleMs >= patienceMs)
    .sort((a, b) => b.idleMs - a.idleMs);
}

function outstanding(board: Board, job: JobBoard): Outstanding[] {
  if (job.phase === null) return [];
  return tasksOf(job.run, job.phase).flatMap((task) => {
    if (task.state.kind !== 'GRANTED' || task.state.speculative !== null) return [];
    const grant = grantOf(job, task.state.primary);
    const idleMs = grant && board.view.idleMs({ job: job.job.id, epoch: grant.epoch });
    return grant && typeof idleMs === 'number' ? [{ task, grant, idleMs }] : [];
  });
}

function grantOf(job: JobBoard, epoch: Epoch): Grant | undefined {
  return job.job.grants[epoch - 1];
}

function patience(board: Board, job: JobBoard): number {
  const { speculateAfter, speculateFloorMs, speculateBlindMs } = board.options;
  const usual = job.phase && board.view.usualMs(job.job.id, job.phase);
  return usual === null ? speculateBlindMs : Math.max(speculateFloorMs, usual * speculateAfter);
}

/**
 * A prover that says it is there but gives no result for very long, while another has nothing to do, is set aside:
 * otherwise two of them could hold a task for ever.
 */
export function dropOverdue(board: Board): Move[] {
  return board.jobs.flatMap((job) =>
    job.job.grants
      .filter((grant) => isLive(grant) && isOverdue(board, job, grant))
      .map((grant) => ({
        job: job.job.id,
        command: { kind: 'end_grant', epoch: grant.epoch, cause: 'overdue', countsAsLoss: false } as const,
      })),
  );
}

function isOverdue(board: Board, job: JobBoard, grant: Grant): boolean {
  const idleMs = board.view.idleMs({ job: job.job.id, epoch: grant.epoch });
  const { overdueAfter, overdueFloorMs } = board.options;
  const usual = board.view.usualMs(job.job.id, grant.phase) ?? 0;
  if (idleMs === null || idleMs < Math.max(overdueFloorMs, usual * overdueAfter)) return false;
  return board.able(job).some((other) => other.prover !== grant.prover && board.isHungry(other));
}
