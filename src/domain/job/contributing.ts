import type { Commitment, Segment } from '../ids.js';
import { quarantineProver } from './quarantining.js';
import { accepted, ALREADY_DONE, rejected, stale, type Verdict } from '../verdict.js';
import type { JobCommand, ReportHeader } from './command.js';
import type { Outcome } from './decision.js';
import { openDispute } from './disputes.js';
import { fencingCheck } from './fencing-check.js';
import { completeTask, releaseTask } from './assigning.js';
import { claimOf, type RunTotals } from './job-state.js';
import { advance } from './progress.js';
import type { Task } from './task.js';
import type { DecisionBuilder } from './decision-builder.js';

const verdict = (value: Verdict): Outcome => ({ kind: 'verdict', verdict: value });

type CommitmentReport = Extract<JobCommand, { kind: 'report_commitment' }>;

/**
 * A prover's commitment of a segment. It cannot be checked yet, so it counts only under the current assignment; the
 * proof made for it, another prover, or the coordinator will find out a wrong one. For a segment that is to be proven it
 * says that the prover makes another commitment than the challenge is bound to.
 */
export function reportCommitment(builder: DecisionBuilder, { report, commitment, totals }: CommitmentReport): Outcome {
  if (report.task.kind === 'prove') {
    return disputeCommitment(builder, { kind: 'dispute_commitment', report, commitment });
  }
  if (report.task.kind !== 'contribute') return verdict(rejected('a commitment answers no aggregation'));
  const validity = fencingCheck(builder, report);
  switch (validity.kind) {
    case 'refused':
      return verdict(validity.verdict);
    case 'done':
      return verdict(compareWithKnown(builder, report, report.task.segment, commitment));
    case 'late':
      return verdict(stale('the assignment has ended, and a commitment alone cannot be verified'));
    case 'current':
      if (totals && !sameTotals(totals, builder.run.plan)) return verdict(otherRun(builder, report));
      return verdict(takeCommitment(builder, report, validity.task, report.task.segment, commitment));
  }
}

function sameTotals(found: RunTotals, known: RunTotals): boolean {
  return found.cycles === known.cycles && found.exitCode === known.exitCode && found.segments === known.segments;
}

/** The coordinator ran the same program on the same input: a prover that found other totals computes wrongly. */
function otherRun(builder: DecisionBuilder, { prover }: ReportHeader): Verdict {
  quarantineProver(builder, prover, 'its run of the program has other totals than the coordinator found');
  return rejected('the run of the program has other totals than the coordinator found');
}

function takeCommitment(
  builder: DecisionBuilder,
  report: ReportHeader,
  task: Task,
  segment: Segment,
  commitment: Commitment,
): Verdict {
  const { prover, epoch, busy = [] } = report;
  const known = builder.run.commitments.at(segment);
  if (known?.kind === 'claimed' && known.commitment !== commitment) {
    openDispute(builder, segment, [...claimOf(known), { prover, commitment }]);
  } else if (known?.kind === 'missing') {
    builder.patchRun({
      commitments: builder.run.commitments.with(segment, { kind: 'claimed', commitment, author: prover }),
    });
  }
  completeTask(builder, task, { kind: 'DONE', by: prover, epoch, late: false });
  builder.record({ type: 'contributed', segment, prover, epoch, busy });
  advance(builder);
  return accepted();
}

/** The same commitment again is a replay; another one is evidence against one of the two. */
function compareWithKnown(
  builder: DecisionBuilder,
  { prover }: ReportHeader,
  segment: Segment,
  commitment: Commitment,
): Verdict {
  const known = builder.run.commitments.at(segment);
  if (!known || known.kind === 'missing') return stale('the commitment is being made again');
  if (known.commitment === commitment) return ALREADY_DONE;
  if (known.kind === 'recomputed') {
    quarantineProver(builder, prover, `wrong commitment of segment ${segment}`);
    return rejected('the coordinator recomputed this commitment and found another');
  }
  if (!mayDispute(builder)) return stale('the commitment is bound into a challenge already');
  openDispute(builder, segment, [...claimOf(known), { prover, commitment }]);
  return ALREADY_DONE;
}

/** Commitments can be questioned until they are all proven to fit together. */
function mayDispute(builder: DecisionBuilder): boolean {
  return ['CONTRIBUTING', 'PROVING', 'AUDITING'].includes(builder.run.stage);
}

type CommitmentDispute = Extract<JobCommand, { kind: 'dispute_commitment' }>;

/** A prover that is to prove a segment made another commitment than the challenge is bound to. */
export function disputeCommitment(builder: DecisionBuilder, { report, commitment }: CommitmentDispute): Outcome {
  if (report.task.kind !== 'prove') {
    return verdict(rejected('a commitment is disputed when its segment is to be proven'));
  }
  const validity = fencingCheck(builder, report);
  if (validity.kind === 'refused') return verdict(validity.verdict);
  if (validity.kind !== 'current') return verdict(stale('the assignment has ended'));
  return verdict(weighDispute(builder, report, report.task.segment, commitment));
}

function weighDispute(
  builder: DecisionBuilder,
  report: ReportHeader,
  segment: Segment,
  commitment: Commitment,
): Verdict {
  const known = builder.run.commitments.at(segment);
  const { prover } = report;
  if (!known || known.kind === 'missing') return stale('the commitment is being made again');
  if (known.commitment === commitment) return rejected('that is the very commitment the challenge is bound to');
  if (known.kind === 'recomputed') {
    quarantineProver(builder, prover, `wrong commitment of segment ${segment}`);
    return rejected('the coordinator recomputed this commitment and found another');
  }
  releaseTask(builder, report.task, report.epoch, 'failed');
  openDispute(builder, segment, [...claimOf(known), { prover, commitment }]);
  return accepted();
}
