import type { Commitment, Segment } from '../ids.js';
import { quarantineProver } from './quarantining.js';
import { accepted, ALREADY_DONE, rejected, stale, type Verdict } from '../verdict.js';
import type { JobCommand, ReportHeader } from './command.js';
import type { Outcome } from './decision.js';
import { openDispute } from './disputes.js';
import { fence } from './fence.js';
import { completeTask, releaseTask } from './assigning.js';
import { claimOf, type RunTotals } from './job-state.js';
import { advance } from './progress.js';
import type { Task } from './task.js';
import type { Turn } from './turn.js';

const verdict = (value: Verdict): Outcome => ({ kind: 'verdict', verdict: value });

type CommitmentReport = Extract<JobCommand, { kind: 'report_commitment' }>;

/**
 * A prover's commitment of a segment. It cannot be checked yet, so it counts only under the current assignment; the
 * proof made for it, another prover, or the coordinator will find out a wrong one. For a segment that is to be proven it
 * says that the prover makes another commitment than the challenge is bound to.
 */
export function reportCommitment(turn: Turn, { report, commitment, totals }: CommitmentReport): Outcome {
  if (report.task.kind === 'prove') return disputeCommitment(turn, { kind: 'dispute_commitment', report, commitment });
  if (report.task.kind !== 'contribute') return verdict(rejected('a commitment answers no aggregation'));
  const standing = fence(turn, report);
  switch (standing.kind) {
    case 'refused':
      return verdict(standing.verdict);
    case 'done':
      return verdict(compareWithKnown(turn, report, report.task.segment, commitment));
    case 'late':
      return verdict(stale('the assignment has ended, and a commitment alone cannot be verified'));
    case 'current':
      if (totals && !sameTotals(totals, turn.run.plan)) return verdict(otherRun(turn, report));
      return verdict(takeCommitment(turn, report, standing.task, report.task.segment, commitment));
  }
}

function sameTotals(found: RunTotals, known: RunTotals): boolean {
  return found.cycles === known.cycles && found.exitCode === known.exitCode && found.segments === known.segments;
}

/** The coordinator ran the same program on the same input: a prover that found other totals computes wrongly. */
function otherRun(turn: Turn, { prover }: ReportHeader): Verdict {
  quarantineProver(turn, prover, 'its run of the program has other totals than the coordinator found');
  return rejected('the run of the program has other totals than the coordinator found');
}

function takeCommitment(
  turn: Turn,
  report: ReportHeader,
  task: Task,
  segment: Segment,
  commitment: Commitment,
): Verdict {
  const { prover, epoch, busy = [] } = report;
  const known = turn.run.commitments.at(segment);
  if (known?.kind === 'claimed' && known.commitment !== commitment) {
    openDispute(turn, segment, [...claimOf(known), { prover, commitment }]);
  } else if (known?.kind === 'missing') {
    turn.patchRun({ commitments: turn.run.commitments.with(segment, { kind: 'claimed', commitment, author: prover }) });
  }
  completeTask(turn, task, { kind: 'DONE', by: prover, epoch, late: false });
  turn.record({ type: 'contributed', segment, prover, epoch, busy });
  advance(turn);
  return accepted();
}

/** The same commitment again is a replay; another one is evidence against one of the two. */
function compareWithKnown(turn: Turn, { prover }: ReportHeader, segment: Segment, commitment: Commitment): Verdict {
  const known = turn.run.commitments.at(segment);
  if (!known || known.kind === 'missing') return stale('the commitment is being made again');
  if (known.commitment === commitment) return ALREADY_DONE;
  if (known.kind === 'recomputed') {
    quarantineProver(turn, prover, `wrong commitment of segment ${segment}`);
    return rejected('the coordinator recomputed this commitment and found another');
  }
  if (!mayDispute(turn)) return stale('the commitment is bound into a challenge already');
  openDispute(turn, segment, [...claimOf(known), { prover, commitment }]);
  return ALREADY_DONE;
}

/** Commitments can be questioned until they are all proven to fit together. */
function mayDispute(turn: Turn): boolean {
  return ['CONTRIBUTING', 'PROVING', 'AUDITING'].includes(turn.run.stage);
}

type CommitmentDispute = Extract<JobCommand, { kind: 'dispute_commitment' }>;

/** A prover that is to prove a segment made another commitment than the challenge is bound to. */
export function disputeCommitment(turn: Turn, { report, commitment }: CommitmentDispute): Outcome {
  if (report.task.kind !== 'prove') {
    return verdict(rejected('a commitment is disputed when its segment is to be proven'));
  }
  const standing = fence(turn, report);
  if (standing.kind === 'refused') return verdict(standing.verdict);
  if (standing.kind !== 'current') return verdict(stale('the assignment has ended'));
  return verdict(weighDispute(turn, report, report.task.segment, commitment));
}

function weighDispute(turn: Turn, report: ReportHeader, segment: Segment, commitment: Commitment): Verdict {
  const known = turn.run.commitments.at(segment);
  const { prover } = report;
  if (!known || known.kind === 'missing') return stale('the commitment is being made again');
  if (known.commitment === commitment) return rejected('that is the very commitment the challenge is bound to');
  if (known.kind === 'recomputed') {
    quarantineProver(turn, prover, `wrong commitment of segment ${segment}`);
    return rejected('the coordinator recomputed this commitment and found another');
  }
  releaseTask(turn, report.task, report.epoch, 'failed');
  openDispute(turn, segment, [...claimOf(known), { prover, commitment }]);
  return accepted();
}
