import type { ProverId } from '../ids.js';
import type { JobCommand } from './command.js';
import { APPLIED, ignored, type Outcome } from './decision.js';
import { quarantineProver } from './quarantining.js';
import { completeJob } from './ending.js';
import { isLive } from './assignment.js';
import { releaseAssignment } from './assigning.js';
import { startAudit } from './progress.js';
import { coordinatorTask } from './coordinator-tasks.js';
import type { Turn } from './turn.js';

/**
 * The coordinator aggregates itself: because nobody else can, or to see who is at fault, an aggregator or a commitment that
 * was proven for another input. `suspectedFaulty` is blamed if it succeeds.
 */
export function aggregateLocally(turn: Turn, reason: string, suspectedFaulty: ProverId | null = null): Outcome {
  if (turn.run.stage !== 'AGGREGATING') return ignored('the job is not being aggregated');
  takeBackAggregation(turn);
  turn.patchRun({ suspectedFaulty });
  turn.enter('AGGREGATING_LOCALLY');
  turn.record({ type: 'aggregating_locally', reason });
  turn.emit(coordinatorTask('aggregate'));
  return APPLIED;
}

function takeBackAggregation(turn: Turn): void {
  for (const assignment of turn.job.assignments) {
    if (isLive(assignment)) releaseAssignment(turn, assignment, 'superseded');
  }
}

type AggregatedLocally = Extract<JobCommand, { kind: 'aggregated_locally' }>;

/** The coordinator's own aggregation has succeeded, or has shown that some commitment is wrong. */
export function aggregatedLocally(turn: Turn, { attempt, final }: AggregatedLocally): Outcome {
  const { stage, suspectedFaulty } = turn.run;
  if (stage !== 'AGGREGATING_LOCALLY' || turn.run.attempt !== attempt) return ignored('no aggregation is due');
  turn.patch({ ownFailures: 0 });
  turn.patchRun({ suspectedFaulty: null });
  if (final === null) startAudit(turn);
  else {
    if (suspectedFaulty !== null) quarantineProver(turn, suspectedFaulty, 'its final proof did not verify');
    completeJob(turn, final);
  }
  return APPLIED;
}

type Lost = Extract<JobCommand, { kind: 'proof_lost' }>;

/** A verified proof is no longer in the store: its segment is proven again under the same challenge. */
export function reopenProof(turn: Turn, { attempt, segment }: Lost): Outcome {
  const { run } = turn;
  const task = run.prove.at(segment);
  const stages = ['PROVING', 'AGGREGATING', 'AGGREGATING_LOCALLY'];
  if (attempt !== run.attempt || !stages.includes(run.stage) || task?.state.kind !== 'DONE') {
    return ignored('the proof is not needed');
  }
  const reopenedAt = turn.nextEpoch;
  if (run.stage !== 'PROVING') {
    takeBackAggregation(turn);
    turn.enter('PROVING');
  }
  turn.updateTasks([task.ref], (old) => ({ ...old, state: { kind: 'READY' }, reopenedAt }));
  turn.patchRun({ suspectedFaulty: null, proofs: turn.run.proofs.with(segment, null) });
  return APPLIED;
}
