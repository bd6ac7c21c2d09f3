import type { ProverId } from '../ids.js';
import type { JobCommand } from './command.js';
import { APPLIED, ignored, type Outcome } from './decision.js';
import { quarantineProver } from './quarantining.js';
import { completeJob } from './ending.js';
import { isLive } from './assignment.js';
import { releaseAssignment } from './assigning.js';
import { startAudit } from './progress.js';
import { coordinatorTask } from './coordinator-tasks.js';
import type { DecisionBuilder } from './decision-builder.js';

/**
 * The coordinator aggregates itself: because nobody else can, or to see who is at fault, an aggregator or a commitment that
 * was proven for another input. `suspectedFaulty` is blamed if it succeeds.
 */
export function aggregateLocally(
  builder: DecisionBuilder,
  reason: string,
  suspectedFaulty: ProverId | null = null,
): Outcome {
  if (builder.run.stage !== 'AGGREGATING') return ignored('the job is not being aggregated');
  takeBackAggregation(builder);
  builder.patchRun({ suspectedFaulty });
  builder.enter('AGGREGATING_LOCALLY');
  builder.record({ type: 'aggregating_locally', reason });
  builder.emit(coordinatorTask('aggregate'));
  return APPLIED;
}

function takeBackAggregation(builder: DecisionBuilder): void {
  for (const assignment of builder.job.assignments) {
    if (isLive(assignment)) releaseAssignment(builder, assignment, 'superseded');
  }
}

type AggregatedLocally = Extract<JobCommand, { kind: 'aggregated_locally' }>;

/** The coordinator's own aggregation has succeeded, or has shown that some commitment is wrong. */
export function aggregatedLocally(builder: DecisionBuilder, { attempt, final }: AggregatedLocally): Outcome {
  const { stage, suspectedFaulty } = builder.run;
  if (stage !== 'AGGREGATING_LOCALLY' || builder.run.attempt !== attempt) return ignored('no aggregation is due');
  builder.patch({ ownFailures: 0 });
  builder.patchRun({ suspectedFaulty: null });
  if (final === null) startAudit(builder);
  else {
    if (suspectedFaulty !== null) quarantineProver(builder, suspectedFaulty, 'its final proof did not verify');
    completeJob(builder, final);
  }
  return APPLIED;
}

type Lost = Extract<JobCommand, { kind: 'proof_lost' }>;

/** A verified proof is no longer in the store: its segment is proven again under the same challenge. */
export function reopenProof(builder: DecisionBuilder, { attempt, segment }: Lost): Outcome {
  const { run } = builder;
  const task = run.prove.at(segment);
  const stages = ['PROVING', 'AGGREGATING', 'AGGREGATING_LOCALLY'];
  if (attempt !== run.attempt || !stages.includes(run.stage) || task?.state.kind !== 'DONE') {
    return ignored('the proof is not needed');
  }
  const reopenedAt = builder.nextEpoch;
  if (run.stage !== 'PROVING') {
    takeBackAggregation(builder);
    builder.enter('PROVING');
  }
  builder.updateTasks([task.ref], (old) => ({ ...old, state: { kind: 'READY' }, reopenedAt }));
  builder.patchRun({ suspectedFaulty: null, proofs: builder.run.proofs.with(segment, null) });
  return APPLIED;
}
