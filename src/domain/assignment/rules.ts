import type { Task } from '../job/task.js';
import type { SchedulingView, JobView } from './scheduling-view.js';
import type { ProverView } from './assignment-input.js';

/** Nobody who is there owns the task. */
export function isOrphaned(view: SchedulingView, job: JobView, task: Task): boolean {
  const owner = job.ownerOf(task);
  return job.phase === 'aggregate' || owner === null || !view.input.present.has(owner) || job.excludes(owner);
}

/** What is open to nobody who is there, the coordinator takes over. */
export function isOpenTo(task: Task, prover: ProverView): boolean {
  return !task.barred.includes(prover.prover);
}

/** A peer of the published schema takes part in an aggregation only where it has a partition, and if it can send the result. */
export function canAggregate(job: JobView, { prover, protocol }: ProverView): boolean {
  return protocol === 'extended' || (job.unitsOf(prover) > 0 && job.fitsOneMessage);
}
