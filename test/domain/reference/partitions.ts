import type { ProverView } from '../../../src/domain/assignment/assignment-input.js';
import type { Task } from '../../../src/domain/job/task.js';
import { canAggregate, isOpenTo, isOrphaned } from './rules.js';
import type { JobView, SchedulingView } from './scheduling-view.js';

/**
 * What a third-party worker takes of a job: everything that is to be done now of the units it owns, or of one
 * unit that no owner will do; the aggregation, where no prover of ours is there for it.
 */
export function partitionOf(view: SchedulingView, job: JobView, prover: ProverView): readonly Task[] {
  const mayTurnTo = job.unitsOf(prover.prover) > 0 && view.able(job).includes(prover);
  if (!mayTurnTo || !view.isFreeFor(job, prover)) return [];
  const open = job.ready.filter((task) => isOpenTo(task, prover));
  if (job.phase === 'aggregate') {
    const isLeftToThirdParties = view.able(job).every(({ protocol }) => protocol === 'baseline');
    return isLeftToThirdParties && canAggregate(job, prover) ? open : [];
  }
  const own = open.filter((task) => job.ownerOf(task) === prover.prover);
  if (own.length > 0) return own;
  const orphaned = open.filter((task) => isOrphaned(view, job, task));
  return orphaned.filter((task) => orphaned[0] && job.unitOf(task) === job.unitOf(orphaned[0]));
}
