import type { ProverId } from '../ids.js';
import { isLive } from './assignment.js';
import { releaseAssignment } from './assigning.js';
import { discardCommitments } from './progress.js';
import type { Turn } from './turn.js';

/** Quarantines a prover for this job and asks for its quarantine everywhere. */
export function quarantineProver(turn: Turn, prover: ProverId, reason: string): void {
  if (turn.job.excluded.includes(prover)) return;
  turn.quarantine(prover, `${reason} in job ${turn.job.id}`);
  excludeProver(turn, prover, reason);
}

/** No more work of this job for the prover; its unfinished tasks go back. */
export function excludeProver(turn: Turn, prover: ProverId, reason: string): void {
  if (turn.job.excluded.includes(prover)) return;
  turn.patch({ excluded: [...turn.job.excluded, prover] });
  turn.record({ type: 'prover_excluded', prover, reason });
  for (const assignment of turn.job.assignments) {
    if (assignment.prover === prover && isLive(assignment)) releaseAssignment(turn, assignment, 'quarantined');
  }
  if (turn.job.run?.stage === 'CONTRIBUTING') discardCommitments(turn);
}
