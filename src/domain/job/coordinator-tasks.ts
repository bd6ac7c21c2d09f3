import type { Segment } from '../ids.js';
import type { CoordinatorTask } from './command.js';
import type { Effect } from './effect.js';
import type { JobState } from './job-state.js';

/** The effect that asks for a coordinator task. */
export function coordinatorTask(work: CoordinatorTask, segment: Segment | null = null, delayMs = 0): Effect {
  return { kind: 'coordinator_task', work, segment, delayMs };
}

/**
 * What the coordinator itself has to do for a job in this state. Asked for again after a restart or a failure: the answers
 * are commands that do nothing when they come twice.
 */
export function pendingCoordinatorTasks(job: JobState, delayMs = 0): Effect[] {
  if (job.status.kind === 'PLANNING') return [coordinatorTask('plan', null, delayMs)];
  if (job.status.kind !== 'RUNNING' || !job.run) return [];
  const { run } = job;
  const recomputations = run.disputes.map(({ segment }) => coordinatorTask('recompute', segment, delayMs));
  if (run.stage === 'CHALLENGING') return [...recomputations, coordinatorTask('challenge', null, delayMs)];
  if (run.stage === 'PROVING') {
    return [...recomputations, ...run.ownProofs.map((segment) => coordinatorTask('prove', segment, delayMs))];
  }
  if (run.stage === 'AGGREGATING_LOCALLY') return [...recomputations, coordinatorTask('aggregate', null, delayMs)];
  return recomputations;
}
