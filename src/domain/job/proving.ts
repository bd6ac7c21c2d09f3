import { accepted, ALREADY_DONE, rejected, stale, type Verdict } from '../verdict.js';
import { quarantineProver } from './quarantining.js';
import { causeOf } from './failure-cause.js';
import type { JobCommand, ReportHeader } from './command.js';
import type { Outcome } from './decision.js';
import { openDispute } from './disputes.js';
import { aggregateLocally } from './local-aggregation.js';
import { completeJob } from './ending.js';
import { fencingCheck, type ReportValidity } from './fencing-check.js';
import { completeTask, releaseTask } from './assigning.js';
import { claimOf, type ArtifactRef } from './job-state.js';
import { advance } from './progress.js';
import { REFUSALS, takeOver } from './taking-over.js';
import { taskKey, type Task } from './task.js';
import type { DecisionBuilder } from './decision-builder.js';

const verdict = (value: Verdict): Outcome => ({ kind: 'verdict', verdict: value });

type ProofReport = Extract<JobCommand, { kind: 'report_proof' }>;

/** A proof is uploaded: worth checking if the task is open, whoever holds it now. Nothing changes before the check. */
export function reportProof(builder: DecisionBuilder, { report, artifact }: ProofReport): Outcome {
  if (report.task.kind === 'contribute') return verdict(rejected('a contribution is answered by a commitment'));
  const validity = fencingCheck(builder, report);
  if (validity.kind === 'refused') return verdict(validity.verdict);
  if (validity.kind === 'done') return verdict(ALREADY_DONE);
  if (builder.run.commitmentChanged) return verdict(stale('a commitment changed, a new attempt is about to start'));
  builder.emit({ kind: 'check_proof', report, artifact });
  return { kind: 'checking' };
}

type Checked = Extract<JobCommand, { kind: 'proof_checked' }>;

/** The coordinator has verified a reported proof: it counts while the task is open, a bad one counts against its prover. */
export function proofChecked(builder: DecisionBuilder, command: Checked): Outcome {
  const validity = fencingCheck(builder, command.report);
  const value = judge(builder, command, validity);
  builder.emit({ kind: 'answer', report: command.report, verdict: value });
  return verdict(value);
}

function judge(builder: DecisionBuilder, { report, result }: Checked, validity: ReportValidity): Verdict {
  if (validity.kind === 'refused') return validity.verdict;
  if (result.kind === 'refused') return refuse(builder, report, result.reason, validity.kind);
  if (validity.kind === 'done') return seenBefore(builder, report, result.artifact);
  return take(builder, report, validity.task, result.artifact, validity.kind === 'late');
}

function take(
  builder: DecisionBuilder,
  report: ReportHeader,
  task: Task,
  artifact: ArtifactRef,
  late: boolean,
): Verdict {
  const { prover, epoch, busy = [] } = report;
  const { ref } = task;
  completeTask(builder, task, { kind: 'DONE', by: prover, epoch, late });
  if (ref.kind === 'prove') {
    builder.patchRun({ proofs: builder.run.proofs.with(ref.segment, { artifact, prover, epoch }) });
    builder.record({ type: 'proven', segment: ref.segment, attempt: ref.attempt, prover, epoch, late, busy });
    advance(builder);
  } else {
    builder.record({ type: 'aggregated', prover, epoch, busy });
    completeJob(builder, artifact);
  }
  return accepted(late);
}

/** Proofs are deterministic: another valid one of the same segment is harmless, but somebody should know. */
function seenBefore(builder: DecisionBuilder, { task, prover }: ReportHeader, artifact: ArtifactRef): Verdict {
  if (task.kind !== 'prove') return ALREADY_DONE;
  const known = builder.run.proofs.at(task.segment)?.artifact.sha256;
  if (known !== undefined && known !== artifact.sha256) {
    builder.record({ type: 'determinism_alarm', segment: task.segment, prover });
  }
  return ALREADY_DONE;
}

/** A proof that does not verify is its prover's doing; if it also wrote the commitment, the commitment is in question too. */
function refuse(
  builder: DecisionBuilder,
  report: ReportHeader,
  reason: string,
  validity: ReportValidity['kind'],
): Verdict {
  const { prover, task } = report;
  if (task.kind === 'aggregate') {
    if (validity === 'current') {
      aggregateLocally(builder, `the final proof of ${prover} did not verify: ${reason}`, prover);
    }
    return rejected(reason);
  }
  quarantineProver(builder, prover, `${taskKey(task)} did not verify: ${reason}`);
  if (task.kind === 'prove' && builder.run.stage === 'PROVING') {
    const [claim] = claimOf(builder.run.commitments.at(task.segment));
    if (claim?.prover === prover) openDispute(builder, task.segment, [claim]);
  }
  return rejected(reason);
}

type MalformedReport = Extract<JobCommand, { kind: 'report_malformed' }>;

/** An honest prover sends a result or says that it has none: what is neither counts against its prover. */
export function reportMalformed(builder: DecisionBuilder, { report, reason }: MalformedReport): Outcome {
  const validity = fencingCheck(builder, report);
  if (validity.kind === 'refused') return verdict(validity.verdict);
  if (report.task.kind === 'aggregate') return verdict(refuse(builder, report, reason, validity.kind));
  quarantineProver(builder, report.prover, `${taskKey(report.task)} was answered with what is no result: ${reason}`);
  return verdict(rejected(reason));
}

/** What a prover has failed at so often it does not get again. */
const TRIES = 2;

type FailureReport = Extract<JobCommand, { kind: 'report_failure' }>;

/** The prover could not do it. That says nothing of the guest, and a late failure says nothing at all. */
export function reportFailure(builder: DecisionBuilder, command: FailureReport): Outcome {
  const validity = fencingCheck(builder, command.report);
  if (validity.kind === 'refused') return verdict(validity.verdict);
  if (validity.kind !== 'current') return verdict(stale('the assignment has ended'));
  taskFailed(builder, command);
  return verdict(accepted());
}

export type TaskFailure = Pick<FailureReport, 'report' | 'reason' | 'code' | 'retryable'>;

/** Counts a failure of a task that its prover holds; where nobody is left that might do better, the coordinator does it. */
export function taskFailed(builder: DecisionBuilder, command: TaskFailure): void {
  countFailure(builder, command);
  const ref = command.report.task;
  const { failedBy = [], barred = [] } = builder.task(ref) ?? {};
  const enough = failedBy.length >= builder.job.rules.maxFailures;
  const cause = causeOf(command);
  if (ref.kind === 'aggregate') {
    // Aggregating the proofs costs the coordinator little.
    if (enough || barred.length > 0 || cause === 'artifact_missing') aggregateLocally(builder, command.reason);
  } else if (enough || (cause === 'lasting' && barred.length >= REFUSALS)) takeOver(builder, ref, command.reason);
}

function countFailure(builder: DecisionBuilder, command: TaskFailure): void {
  const { reason, report } = command;
  const { prover, epoch, task: ref } = report;
  builder.record({ type: 'task_failed', task: taskKey(ref), prover, epoch, reason });
  builder.updateTasks([ref], (task) => {
    const failedBy = [...task.failedBy, prover];
    const tries = failedBy.filter((other) => other === prover).length;
    const mayTryAgain = causeOf(command) !== 'lasting' && tries < TRIES;
    const barred = mayTryAgain || task.barred.includes(prover) ? task.barred : [...task.barred, prover];
    return { ...task, failedBy, barred };
  });
  releaseTask(builder, ref, epoch, 'failed');
}
