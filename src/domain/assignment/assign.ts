import { Board, type JobBoard } from './board.js';
import { deal } from './dealing.js';
import { handOut } from './handing-out.js';
import { canAggregate, isOpenTo } from './rules.js';
import { dropOverdue, speculate } from './stragglers.js';
import type { AssignmentView, Move } from './view.js';

/**
 * Who works on what next. Pure: the same view gives the same moves, in the order in which they are to be made. Moves
 * are proposals; each is checked again by `decide`, so a proposal from an old view does no harm.
 */
export function assign(view: AssignmentView): Move[] {
  const board = new Board(view);
  const overdue = dropOverdue(board);
  const own = board.jobs.flatMap((job) => doItOurselves(board, job));
  return [...overdue, ...own, ...deal(board), ...handOut(board), ...speculate(board)];
}

/** What no connected prover can do falls to the coordinator. */
function doItOurselves(board: Board, job: JobBoard): Move[] {
  const able = board.able(job);
  if (able.length === 0) return [];
  if (job.run.stage === 'AGGREGATING' && !able.some((prover) => canAggregate(job, prover))) {
    return [{ job: job.job.id, command: { kind: 'combine' } }];
  }
  return job.ready
    .filter((task) => !able.some((prover) => isOpenTo(task, prover)))
    .map(({ ref }) => ({ job: job.job.id, command: { kind: 'take_over', task: ref } }));
}
