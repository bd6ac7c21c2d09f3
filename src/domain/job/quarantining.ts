import type { ProverId } from '../ids.js';
import { isLive } from './assignment.js';
import { releaseAssignment } from './assigning.js';
import { discardCommitments } from './progress.js';
import type { DecisionBuilder } from './decision-builder.js';

/** Quarantines a prover for this job and asks for its quarantine everywhere. */
export function quarantineProver(builder: DecisionBuilder, prover: ProverId, reason: string): void {
  if (builder.job.excluded.includes(prover)) return;
  builder.quarantine(prover, `${reason} in job ${builder.job.id}`);
  excludeProver(builder, prover, reason);
}

/** No more work of this job for the prover; its unfinished tasks go back. */
export function excludeProver(builder: DecisionBuilder, prover: ProverId, reason: string): void {
  if (builder.job.excluded.includes(prover)) return;
  builder.patch({ excluded: [...builder.job.excluded, prover] });
  builder.record({ type: 'prover_excluded', prover, reason });
  for (const assignment of builder.job.assignments) {
    if (assignment.prover === prover && isLive(assignment)) releaseAssignment(builder, assignment, 'quarantined');
  }
  if (builder.job.run?.stage === 'CONTRIBUTING') discardCommitments(builder);
}
