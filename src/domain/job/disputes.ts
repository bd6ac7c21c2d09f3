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
import type { DecisionBuilder } from './decision-builder.js';

/**
 * Puts a segment's commitment in question. The coordinator recomputes it: a commitment is deterministic, so there is no vote.
 * More claims on a segment already in question are judged with the first.
 */
export function openDispute(builder: DecisionBuilder, segment: Segment, claims: readonly CommitmentClaim[]): void {
  const { disputes } = builder.run;
  const open = disputes.find((dispute) => dispute.segment === segment);
  if (open) {
    const merged = { segment, claims: [...open.claims, ...claims] };
    builder.patchRun({ disputes: disputes.map((dispute) => (dispute === open ? merged : dispute)) });
    return;
  }
  builder.patchRun({ disputes: [...disputes, { segment, claims }] });
  const [last] = claims.slice(-1);
  if (last) builder.record({ type: 'disputed', segment, prover: last.prover });
  builder.emit(coordinatorTask('recompute', segment));
}

type Recomputed = Extract<JobCommand, { kind: 'commitment_recomputed' }>;

/** The coordinator's own commitment is in: whoever claimed another one is quarantined, and the slot holds the recomputed one. */
export function resolveDispute(builder: DecisionBuilder, { segment, commitment }: Recomputed): Outcome {
  const dispute = builder.run.disputes.find((entry) => entry.segment === segment);
  if (!dispute) return ignored('the commitment is not in dispute');
  const before = builder.run.commitments.at(segment);
  const changed = before !== undefined && before.kind !== 'missing' && before.commitment !== commitment;
  builder.patchRun({
    disputes: builder.run.disputes.filter((entry) => entry !== dispute),
    commitments: builder.run.commitments.with(segment, { kind: 'recomputed', commitment }),
    commitmentChanged: builder.run.commitmentChanged || (changed && builder.run.challenge !== null),
  });
  builder.patch({ ownFailures: 0 });
  builder.record({ type: 'dispute_resolved', segment, changed });
  completeRecomputed(builder, segment);
  const faulty = new Set(
    dispute.claims.filter((claim) => claim.commitment !== commitment).map((claim) => claim.prover),
  );
  for (const prover of faulty) quarantineProver(builder, prover, `wrong commitment of segment ${segment}`);
  advance(builder);
  return APPLIED;
}

function completeRecomputed(builder: DecisionBuilder, segment: Segment): void {
  const task = builder.run.contribute.at(segment);
  if (!task || !isOpen(task)) return;
  completeTask(builder, task, { kind: 'DONE', by: 'coordinator', epoch: NO_EPOCH, late: false });
  disprove(builder, task);
}
