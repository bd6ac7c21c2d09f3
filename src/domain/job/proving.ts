import { accepted, ALREADY_DONE, rejected, stale, type Verdict } from '../verdict.js';
import { quarantineProver } from './quarantining.js';
import { causeOf } from './failure-cause.js';
import type { JobCommand, ReportHeader } from './command.js';
import type { Outcome } from './decision.js';
import { openDispute } from './disputes.js';
import { aggregateLocally } from './local-aggregation.js';
import { completeJob } from './ending.js';
import { fence, type Standing } from './fence.js';
import { completeTask, releaseTask } from './assigning.js';
import { claimOf, type ArtifactRef } from './job-state.js';
import { advance } from './progress.js';
import { REFUSALS, takeOver } from './taking-over.js';
import { taskKey, type Task } from './task.js';
import type { Turn } from './turn.js';

const verdict = (value: Verdict): Outcome => ({ kind: 'verdict', verdict: value });

type ProofReport = Extract<JobCommand, { kind: 'report_proof' }>;

/** A proof is uploaded: worth checking if the task is open, whoever holds it now. Nothing changes before the check. */
export function reportProof(turn: Turn, { report, artifact }: ProofReport): Outcome {
  if (report.task.kind === 'contribute') return verdict(rejected('a contribution is answered by a commitment'));
  const standing = fence(turn, report);
  if (standing.kind === 'refused') return verdict(standing.verdict);
  if (standing.kind === 'done') return verdict(ALREADY_DONE);
  if (turn.run.commitmentChanged) return verdict(stale('a commitment changed, a new attempt is about to start'));
  turn.emit({ kind: 'check_proof', report, artifact });
  return { kind: 'checking' };
}

type Checked = Extract<JobCommand, { kind: 'proof_checked' }>;

/** The coordinator has verified a reported proof: it counts while the task is open, a bad one counts against its prover. */
export function proofChecked(turn: Turn, command: Checked): Outcome {
  const standing = fence(turn, command.report);
  const value = judge(turn, command, standing);
  turn.emit({ kind: 'answer', report: command.report, verdict: value });
  return verdict(value);
}

function judge(turn: Turn, { report, result }: Checked, standing: Standing): Verdict {
  if (standing.kind === 'refused') return standing.verdict;
  if (result.kind === 'refused') return refuse(turn, report, result.reason, standing.kind);
  if (standing.kind === 'done') return seenBefore(turn, report, result.artifact);
  return take(turn, report, standing.task, result.artifact, standing.kind === 'late');
}

function take(turn: Turn, report: ReportHeader, task: Task, artifact: ArtifactRef, late: boolean): Verdict {
  const { prover, epoch, busy = [] } = report;
  const { ref } = task;
  completeTask(turn, task, { kind: 'DONE', by: prover, epoch, late });
  if (ref.kind === 'prove') {
    turn.patchRun({ proofs: turn.run.proofs.with(ref.segment, { artifact, prover, epoch }) });
    turn.record({ type: 'proven', segment: ref.segment, attempt: ref.attempt, prover, epoch, late, busy });
    advance(turn);
  } else {
    turn.record({ type: 'aggregated', prover, epoch, busy });
    completeJob(turn, artifact);
  }
  return accepted(late);
}

/** Proofs are deterministic: another valid one of the same segment is harmless, but somebody should know. */
function seenBefore(turn: Turn, { task, prover }: ReportHeader, artifact: ArtifactRef): Verdict {
  if (task.kind !== 'prove') return ALREADY_DONE;
  const known = turn.run.proofs.at(task.segment)?.artifact.sha256;
  if (known !== undefined && known !== artifact.sha256) {
    turn.record({ type: 'determinism_alarm', segment: task.segment, prover });
  }
  return ALREADY_DONE;
}

/** A proof that does not verify is its prover's doing; if it also wrote the commitment, the commitment is in question too. */
function refuse(turn: Turn, report: ReportHeader, reason: string, standing: Standing['kind']): Verdict {
  const { prover, task } = report;
  if (task.kind === 'aggregate') {
    if (standing === 'current')
      aggregateLocally(turn, `the final proof of ${prover} did not verify: ${reason}`, prover);
    return rejected(reason);
  }
  quarantineProver(turn, prover, `${taskKey(task)} did not verify: ${reason}`);
  if (task.kind === 'prove' && turn.run.stage === 'PROVING') {
    const [claim] = claimOf(turn.run.commitments.at(task.segment));
    if (claim?.prover === prover) openDispute(turn, task.segment, [claim]);
  }
  return rejected(reason);
}

type MalformedReport = Extract<JobCommand, { kind: 'report_malformed' }>;

/** An honest prover sends a result or says that it has none: what is neither counts against its prover. */
export function reportMalformed(turn: Turn, { report, reason }: MalformedReport): Outcome {
  const standing = fence(turn, report);
  if (standing.kind === 'refused') return verdict(standing.verdict);
  if (report.task.kind === 'aggregate') return verdict(refuse(turn, report, reason, standing.kind));
  quarantineProver(turn, report.prover, `${taskKey(report.task)} was answered with what is no result: ${reason}`);
  return verdict(rejected(reason));
}

/** What a prover has failed at so often it does not get again. */
const TRIES = 2;

type FailureReport = Extract<JobCommand, { kind: 'report_failure' }>;

/** The prover could not do it. That says nothing of the guest, and a late failure says nothing at all. */
export function reportFailure(turn: Turn, command: FailureReport): Outcome {
  const standing = fence(turn, command.report);
  if (standing.kind === 'refused') return verdict(standing.verdict);
  if (standing.kind !== 'current') return verdict(stale('the assignment has ended'));
  countFailure(turn, command);
  const ref = command.report.task;
  const { failedBy = [], barred = [] } = turn.task(ref) ?? {};
  const enough = failedBy.length >= turn.job.rules.maxFailures;
  const cause = causeOf(command);
  if (ref.kind === 'aggregate') {
    // Aggregating the proofs costs the coordinator little.
    if (enough || barred.length > 0 || cause === 'artifact_missing') aggregateLocally(turn, command.reason);
  } else if (enough || (cause === 'lasting' && barred.length >= REFUSALS)) takeOver(turn, ref, command.reason);
  return verdict(accepted());
}

function countFailure(turn: Turn, command: FailureReport): void {
  const { reason, report } = command;
  const { prover, epoch, task: ref } = report;
  turn.record({ type: 'task_failed', task: taskKey(ref), prover, epoch, reason });
  turn.updateTasks([ref], (task) => {
    const failedBy = [...task.failedBy, prover];
    const tries = failedBy.filter((other) => other === prover).length;
    const mayTryAgain = causeOf(command) !== 'lasting' && tries < TRIES;
    const barred = mayTryAgain || task.barred.includes(prover) ? task.barred : [...task.barred, prover];
    return { ...task, failedBy, barred };
  });
  releaseTask(turn, ref, epoch, 'failed');
}
