import type { ProverId } from '../ids.js';
import { quarantineProver } from './quarantining.js';
import type { JobCommand } from './command.js';
import { APPLIED, ignored, type Outcome } from './decision.js';
import { failJob } from './ending.js';
import { isLive } from './assignment.js';
import { heldTasks, releaseAssignment } from './assigning.js';
import { taskKey, type TaskRef } from './task.js';
import type { DecisionBuilder } from './decision-builder.js';

type Ends = Extract<JobCommand, { kind: 'end_assignment' }>;

/** Ends an assignment for a reason outside the job: its unfinished tasks go back, nothing else is touched. */
export function endAssignment(builder: DecisionBuilder, { epoch, cause, countsAsLoss }: Ends): Outcome {
  const assignment = builder.assignment(epoch);
  if (!assignment || !isLive(assignment)) return ignored('the assignment has ended already');
  const tasks = heldTasks(builder, assignment);
  releaseAssignment(builder, assignment, cause);
  if (cause === 'overdue') quarantineProver(builder, assignment.prover, `no result of epoch ${epoch} for too long`);
  if (countsAsLoss) countLosses(builder, tasks, assignment.prover);
  return APPLIED;
}

/**
 * A prover was lost while it held these tasks. That is not the tasks' failure, but one that keeps killing provers
 * is poison: it is quarantined and the job ends, so that it cannot take down the whole network.
 */
function countLosses(builder: DecisionBuilder, refs: readonly TaskRef[], prover: ProverId): void {
  builder.updateTasks(refs, (task) => ({ ...task, losses: [...task.losses, prover] }));
  const { maxProversLost, maxLosses } = builder.job.rules;
  const poison = refs.find((ref) => {
    const losses = builder.task(ref)?.losses ?? [];
    return new Set(losses).size >= maxProversLost || losses.length >= maxLosses;
  });
  if (poison) quarantineTask(builder, poison, `${builder.task(poison)?.losses.length} losses of provers that held it`);
}

/** Takes a task out of circulation and fails its job with the reason. */
function quarantineTask(builder: DecisionBuilder, ref: TaskRef, why: string): void {
  const reason = `task ${taskKey(ref)} was quarantined after ${why}`;
  builder.setTaskState(ref, { kind: 'QUARANTINED', reason });
  failJob(builder, { code: 'TASK_QUARANTINED', message: reason });
}
