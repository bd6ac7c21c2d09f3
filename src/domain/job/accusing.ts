import type { ProverId } from '../ids.js';
import { isLive } from './grant.js';
import { releaseGrant } from './granting.js';
import { discardCommitments } from './progress.js';
import type { Turn } from './turn.js';

/** Sets a prover aside for this job and asks for its quarantine everywhere. */
export function accuse(turn: Turn, prover: ProverId, reason: string): void {
  if (turn.job.excluded.includes(prover)) return;
  turn.quarantine(prover, `${reason} in job ${turn.job.id}`);
  excludeProver(turn, prover, reason);
}

/** No more work of this job for the prover; its unfinished tasks go back. */
export function excludeProver(turn: Turn, prover: ProverId, reason: string): void {
  if (turn.job.excluded.includes(prover)) return;
  turn.patch({ excluded: [...turn.job.excluded, prover] });
  turn.record({ type: 'prover_excluded', prover, reason });
  for (const grant of turn.job.grants) {
    if (grant.prover === prover && isLive(grant)) releaseGrant(turn, grant, 'quarantined');
  }
  if (turn.job.run?.stage === 'CONTRIBUTING') discardCommitments(turn);
}
