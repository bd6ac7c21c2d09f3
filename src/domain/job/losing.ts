import type { ProverId } from '../ids.js';
import { accuse } from './accusing.js';
import type { JobCommand } from './command.js';
import { APPLIED, ignored, type Outcome } from './decision.js';
import { failJob } from './ending.js';
import { isLive } from './grant.js';
import { heldTasks, releaseGrant } from './granting.js';
import { taskKey, type TaskRef } from './task.js';
import type { Turn } from './turn.js';

type Ends = Extract<JobCommand, { kind: 'end_grant' }>;

/** Ends a grant for a reason outside the job: its unfinished tasks go back, nothing else is touched. */
export function endGrant(turn: Turn, { epoch, cause, countsAsLoss }: Ends): Outcome {
  const grant = turn.grant(epoch);
  if (!grant || !isLive(grant)) return ignored('the grant has ended already');
  const held = heldTasks(turn, grant);
  releaseGrant(turn, grant, cause);
  if (cause === 'overdue') accuse(turn, grant.prover, `no result of epoch ${epoch} for too long`);
  if (countsAsLoss) countLosses(turn, held, grant.prover);
  return APPLIED;
}

/**
 * A prover was lost while it held these tasks. That is not the tasks' failure, but one that keeps killing provers
 * is poison: it is set aside and the job ends, so that it cannot take down the whole network.
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
  const reason = `task ${taskKey(ref)} was set aside after ${why}`;
  turn.setTaskState(ref, { kind: 'QUARANTINED', reason });
  failJob(turn, { code: 'TASK_QUARANTINED', message: reason });
}
