import type { Task } from '../../../src/domain/job/task.js';
import type { SchedulingView, JobView } from './scheduling-view.js';
import type { ProverView } from '../../../src/domain/assignment/assignment-input.js';

/** Nobody who is there and on time will do it: no owner, or one that must not. */
export function isOrphaned(view: SchedulingView, job: JobView, task: Task): boolean {
  const owner = job.ownerOf(task);
  if (job.phase === 'aggregate' || owner === null || !view.input.present.has(owner)) return true;
  return job.excludes(owner) || task.barred.includes(owner) || view.isLate(job, owner);
}

/** What is open to nobody who is there, the coordinator takes over. */
export function isOpenTo(task: Task, prover: ProverView): boolean {
  return !task.barred.includes(prover.prover);
}

/** A third-party worker takes part in an aggregation only where it has a unit, and if it can send the result. */
export function canAggregate(job: JobView, { prover, protocol }: ProverView): boolean {
  return protocol === 'extended' || (job.unitsOf(prover) > 0 && job.fitsOneMessage);
}
