import { SchedulingView, type JobView } from './scheduling-view.js';
import { allocate } from './allocate.js';
import { assignTasks } from './assign-tasks.js';
import { canAggregate, isOpenTo } from './rules.js';
import { dropOverdue, speculate } from './stragglers.js';
import type { AssignmentInput, Move } from './assignment-input.js';

/**
 * Who works on what next. Pure: the same view gives the same moves, in the order in which they are to be made. Moves
 * are proposals; each is checked again by `decide`, so a proposal from an old view does no harm.
 */
export function assign(input: AssignmentInput): Move[] {
  const view = new SchedulingView(input);
  const overdue = dropOverdue(view);
  const own = view.jobs.flatMap((job) => doItOurselves(view, job));
  return [...overdue, ...own, ...allocate(view), ...assignTasks(view), ...speculate(view)];
}

/** What no connected prover can do falls to the coordinator. */
function doItOurselves(view: SchedulingView, job: JobView): Move[] {
  const able = view.able(job);
  if (able.length === 0) return [];
  if (job.run.stage === 'AGGREGATING' && !able.some((prover) => canAggregate(job, prover))) {
    return [{ job: job.job.id, command: { kind: 'aggregate_locally' } }];
  }
  return job.ready
    .filter((task) => !able.some((prover) => isOpenTo(task, prover)))
    .map(({ ref }) => ({ job: job.job.id, command: { kind: 'take_over', task: ref } }));
}
