import type { ProverId } from '../ids.js';
import { quarantineProver } from './quarantining.js';
import type { JobCommand } from './command.js';
import { APPLIED, ignored, type Outcome } from './decision.js';
import { failJob } from './ending.js';
import { isLive } from './assignment.js';
import { heldTasks, releaseAssignment } from './assigning.js';
import { taskKey, type TaskRef } from './task.js';
import type { Turn } from './turn.js';

type Ends = Extract<JobCommand, { kind: 'end_assignment' }>;

/** Ends an assignment for a reason outside the job: its unfinished tasks go back, nothing else is touched. */
export function endAssignment(turn: Turn, { epoch, cause, countsAsLoss }: Ends): Outcome {
  const assignment = turn.assignment(epoch);
  if (!assignment || !isLive(assignment)) return ignored('the assignment has ended already');
  const held = heldTasks(turn, assignment);
  releaseAssignment(turn, assignment, cause);
  if (cause === 'overdue') quarantineProver(turn, assignment.prover, `no result of epoch ${epoch} for too long`);
  if (countsAsLoss) countLosses(turn, held, assignment.prover);
  return APPLIED;
}

/**
 * A prover was lost while it held these tasks. That is not the tasks' failure, but one that keeps killing provers
 * is poison: it is quarantined and the job ends, so that it cannot take down the whole network.
 */
function countLosses(turn: Turn, refs: readonly TaskRef[], prover: ProverId): void {
  turn.updateTasks(refs, (task) => ({ ...task, losses: [...task.losses, prover] }));
  const { maxProversLost, maxLosses } = turn.job.rules;
  const poison = refs.find((ref) => {
    const losses = turn.task(ref)?.losses ?? [];
    return new Set(losses).size >= maxProversLost || losses.length >= maxLosses;
  });
  if (poison) quarantineTask(turn, poison, `${turn.task(poison)?.losses.length} losses of provers that held it`);
}

/** Takes a task out of circulation and fails its job with the reason. */
function quarantineTask(turn: Turn, ref: TaskRef, why: string): void {
  const reason = `task ${taskKey(ref)} was quarantined after ${why}`;
  turn.setTaskState(ref, { kind: 'QUARANTINED', reason });
  failJob(turn, { code: 'TASK_QUARANTINED', message: reason });
}
