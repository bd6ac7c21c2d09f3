import { corruptState } from '../errors.js';
import { isLive } from './assignment.js';
import { JOB_TRANSITIONS, STAGE_TRANSITIONS, type JobState, type Run } from './job-state.js';
import { TASK_TRANSITIONS, taskKey, type Task } from './task.js';

/**
 * A job that was put together from what a store kept: what no rule could go on from is refused here, where it is known
 * which job it is, and not later by whatever command meets it.
 *
 * @throws DomainError CORRUPT_STATE saying what does not fit.
 */
export function checkRestored(job: JobState): JobState {
  known('status', job.status.kind, JOB_TRANSITIONS);
  if (job.status.kind === 'RUNNING' && !job.run) throw corruptState('it runs and has no plan');
  if (job.run) checkRun(job, job.run);
  return job;
}

function checkRun(job: JobState, run: Run): void {
  known('stage', run.stage, STAGE_TRANSITIONS);
  for (const task of run.contribute) checkTask(job, task);
  for (const task of run.prove) checkTask(job, task);
  if (run.aggregate) checkTask(job, run.aggregate);
  else if (run.stage === 'AGGREGATING') throw corruptState('it is being aggregated and has no task for it');
  if (run.stage === 'PROVING' && run.prove.length === 0) {
    throw corruptState('it is being proven and has no tasks for it');
  }
  if (run.allocation.length !== job.request.computeUnits) throw corruptState('its units are not as many as asked for');
}

function checkTask(job: JobState, { ref, state }: Task): void {
  known(`state of ${taskKey(ref)}`, state.kind, TASK_TRANSITIONS);
  if (state.kind !== 'ASSIGNED') return;
  for (const epoch of [state.primary, state.speculative]) {
    if (epoch === null) continue;
    const assignment = job.assignments.at(epoch - 1);
    if (!assignment || !isLive(assignment)) {
      throw corruptState(`${taskKey(ref)} is held under epoch ${epoch}, which is not live`);
    }
  }
}

function known(what: string, value: string, table: Readonly<Record<string, unknown>>): void {
  if (!Object.hasOwn(table, value)) throw corruptState(`its ${what} is ${JSON.stringify(value)}, which there is not`);
}
