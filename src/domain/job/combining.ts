import type { ProverId } from '../ids.js';
import type { JobCommand } from './command.js';
import { APPLIED, ignored, type Outcome } from './decision.js';
import { accuse } from './accusing.js';
import { completeJob } from './ending.js';
import { isLive } from './assignment.js';
import { releaseAssignment } from './assigning.js';
import { startAudit } from './progress.js';
import { coordinatorTask } from './coordinator-tasks.js';
import type { Turn } from './turn.js';

/**
 * The coordinator aggregates itself: because nobody else can, or to see who is at fault, an aggregator or a commitment that
 * was proven for another input. `suspect` is blamed if it succeeds.
 */
export function combine(turn: Turn, reason: string, suspect: ProverId | null = null): Outcome {
  if (turn.run.stage !== 'AGGREGATING') return ignored('the job is not being aggregated');
  takeBackAggregation(turn);
  turn.patchRun({ suspect });
  turn.enter('COMBINING');
  turn.record({ type: 'combining', reason });
  turn.emit(coordinatorTask('combine'));
  return APPLIED;
}

function takeBackAggregation(turn: Turn): void {
  for (const assignment of turn.job.assignments)
    {if (isLive(assignment)) releaseAssignment(turn, assignment, 'superseded');}
}

type Combined = Extract<JobCommand, { kind: 'combined' }>;

/** The coordinator's own aggregation has succeeded, or has shown that some commitment is wrong. */
export function combined(turn: Turn, { attempt, final }: Combined): Outcome {
  const { stage, suspect } = turn.run;
  if (stage !== 'COMBINING' || turn.run.attempt !== attempt) return ignored('no aggregation is due');
  turn.patch({ ownFailures: 0 });
  turn.patchRun({ suspect: null });
  if (final === null) startAudit(turn);
  else {
    if (suspect !== null) accuse(turn, suspect, 'its final proof did not verify');
    completeJob(turn, final);
  }
  return APPLIED;
}

type Lost = Extract<JobCommand, { kind: 'proof_lost' }>;

/** A verified proof is no longer in the store: its segment is proven again under the same challenge. */
export function reopenProof(turn: Turn, { attempt, segment }: Lost): Outcome {
  const { run } = turn;
  const task = run.prove.at(segment);
  const stages = ['PROVING', 'AGGREGATING', 'COMBINING'];
  if (attempt !== run.attempt || !stages.includes(run.stage) || task?.state.kind !== 'DONE') {
    return ignored('the proof is not needed');
  }
  const reopenedAt = turn.nextEpoch;
  if (run.stage !== 'PROVING') {
    takeBackAggregation(turn);
    turn.enter('PROVING');
  }
  turn.updateTasks([task.ref], (old) => ({ ...old, state: { kind: 'READY' }, reopenedAt }));
  turn.patchRun({ suspect: null, proofs: turn.run.proofs.with(segment, null) });
  return APPLIED;
}
