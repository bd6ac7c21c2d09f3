import type { Segment } from '../ids.js';
import { quarantineProver } from './quarantining.js';
import { disprove } from './disproving.js';
import { completeTask } from './assigning.js';
import type { JobCommand } from './command.js';
import { APPLIED, ignored, type Outcome } from './decision.js';
import type { CommitmentClaim } from './job-state.js';
import { advance } from './progress.js';
import { coordinatorTask } from './coordinator-tasks.js';
import { isOpen, NO_EPOCH } from './task.js';
import type { Turn } from './turn.js';

/**
 * Puts a segment's commitment in question. The coordinator recomputes it: a commitment is deterministic, so there is no vote.
 * More claims on a segment already in question are judged with the first.
 */
export function openDispute(turn: Turn, segment: Segment, claims: readonly CommitmentClaim[]): void {
  const { disputes } = turn.run;
  const open = disputes.find((dispute) => dispute.segment === segment);
  if (open) {
    const merged = { segment, claims: [...open.claims, ...claims] };
    turn.patchRun({ disputes: disputes.map((dispute) => (dispute === open ? merged : dispute)) });
    return;
  }
  turn.patchRun({ disputes: [...disputes, { segment, claims }] });
  const [last] = claims.slice(-1);
  if (last) turn.record({ type: 'disputed', segment, prover: last.prover });
  turn.emit(coordinatorTask('recompute', segment));
}

type Recomputed = Extract<JobCommand, { kind: 'commitment_recomputed' }>;

/** The coordinator's own commitment is in: whoever claimed another one is quarantined, and the slot holds the truth. */
export function resolveDispute(turn: Turn, { segment, commitment }: Recomputed): Outcome {
  const dispute = turn.run.disputes.find((entry) => entry.segment === segment);
  if (!dispute) return ignored('the commitment is not in dispute');
  const before = turn.run.commitments.at(segment);
  const changed = before !== undefined && before.kind !== 'missing' && before.commitment !== commitment;
  turn.patchRun({
    disputes: turn.run.disputes.filter((entry) => entry !== dispute),
    commitments: turn.run.commitments.with(segment, { kind: 'recomputed', commitment }),
    commitmentChanged: turn.run.commitmentChanged || (changed && turn.run.challenge !== null),
  });
  turn.patch({ ownFailures: 0 });
  turn.record({ type: 'dispute_resolved', segment, changed });
  completeRecomputed(turn, segment);
  const faulty = new Set(
    dispute.claims.filter((claim) => claim.commitment !== commitment).map((claim) => claim.prover),
  );
  for (const prover of faulty) quarantineProver(turn, prover, `wrong commitment of segment ${segment}`);
  advance(turn);
  return APPLIED;
}

function completeRecomputed(turn: Turn, segment: Segment): void {
  const task = turn.run.contribute.at(segment);
  if (!task || !isOpen(task)) return;
  completeTask(turn, task, { kind: 'DONE', by: 'coordinator', epoch: NO_EPOCH, late: false });
  disprove(turn, task);
}
