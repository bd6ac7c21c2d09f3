import { assertNever } from '../assert-never.js';
import { excludeProver } from './quarantining.js';
import type { JobCommand, ReportHeader } from './command.js';
import { disputeCommitment, reportCommitment } from './contributing.js';
import { APPLIED, ignored, type Decision, type Now, type Outcome } from './decision.js';
import { resolveDispute } from './disputes.js';
import { cancelJob, failJob } from './ending.js';
import { makeAssignment, handBack } from './assigning.js';
import { proversExhausted } from './exhausting.js';
import { endAssignment } from './losing.js';
import { isTerminal, newJob, type JobState } from './job-state.js';
import { acceptPlan, cannotSucceed, guestFailed, coordinatorTaskFailed, startPlanning } from './planning.js';
import { aggregateLocally, aggregatedLocally, reopenProof } from './local-aggregation.js';
import { startProving } from './progress.js';
import { proofChecked, reportFailure, reportMalformed, reportProof } from './proving.js';
import { takeOver, ownProof } from './taking-over.js';
import { DecisionBuilder } from './decision-builder.js';

/** Everything that decides what becomes of a job; injected so that tests can drive a faulty one. */
export type Decide = (job: JobState, command: JobCommand, now: Now) => Decision;

/**
 * What a command does to a job: the new state, the events, and the effects to carry out once the state is committed.
 * Pure: the same arguments give the same decision, and `job` is left as it was.
 */
export const decide: Decide = (job, command, now) => {
  const builder = new DecisionBuilder(job, now);
  const outcome = isTerminal(job.status) ? afterTheEnd(builder, command) : run(builder, command);
  return builder.decision(outcome);
};

/** The decision that a new job comes into being with. */
export function accept(job: ReturnType<typeof newJob>, now: Now): Decision {
  const builder = new DecisionBuilder(job, now);
  builder.record({ type: 'submitted' });
  return builder.decision(APPLIED);
}

function run(builder: DecisionBuilder, command: JobCommand): Outcome {
  switch (command.kind) {
    case 'start_planning':
      return startPlanning(builder);
    case 'planned':
      return acceptPlan(builder, command.plan);
    case 'guest_failed':
      return guestFailed(builder, command.reason);
    case 'cannot_succeed':
      return cannotSucceed(builder, command);
    case 'coordinator_task_failed':
      return coordinatorTaskFailed(builder, command);
    case 'cancel':
      cancelJob(builder, command.reason);
      return APPLIED;
    case 'deadline_passed':
      return deadlinePassed(builder);
    case 'exclude_prover':
      excludeProver(builder, command.prover, 'quarantined');
      return APPLIED;
    default:
      return builder.job.run ? runPlanned(builder, command) : beforePlan(builder, command);
  }
}

type PlannedCommand = Exclude<
  JobCommand,
  {
    kind:
      | 'start_planning'
      | 'planned'
      | 'guest_failed'
      | 'coordinator_task_failed'
      | 'cannot_succeed'
      | 'cancel'
      | 'deadline_passed'
      | 'exclude_prover';
  }
>;

function runPlanned(builder: DecisionBuilder, command: PlannedCommand): Outcome {
  switch (command.kind) {
    case 'challenge_derived':
      return startProving(builder, command);
    case 'commitment_recomputed':
      return resolveDispute(builder, command);
    case 'aggregate_locally':
      return aggregateLocally(builder, 'no prover can aggregate');
    case 'aggregated_locally':
      return aggregatedLocally(builder, command);
    case 'proof_lost':
      return reopenProof(builder, command);
    case 'own_proof':
      return ownProof(builder, command);
    case 'take_over':
      return takeOver(builder, command.task, 'no prover that is there may do it');
    case 'provers_exhausted':
      return proversExhausted(builder, command);
    case 'allocate':
      builder.patchRun({ allocation: command.allocation });
      return APPLIED;
    case 'assign':
      return makeAssignment(builder, command);
    case 'end_assignment':
      return endAssignment(builder, command);
    default:
      return runReport(builder, command);
  }
}

type Report = Extract<PlannedCommand, { report: ReportHeader } | { kind: 'hand_back' }>;

function runReport(builder: DecisionBuilder, command: Report): Outcome {
  switch (command.kind) {
    case 'report_commitment':
      return reportCommitment(builder, command);
    case 'report_proof':
      return reportProof(builder, command);
    case 'proof_checked':
      return proofChecked(builder, command);
    case 'report_failure':
      return reportFailure(builder, command);
    case 'report_malformed':
      return reportMalformed(builder, command);
    case 'dispute_commitment':
      return disputeCommitment(builder, command);
    case 'hand_back':
      return handBack(builder, command.prover, command.epoch);
    default:
      return assertNever(command, 'job command');
  }
}

/** Without a plan nothing was assigned, so every report is refused; the rest has nothing to act on. */
function beforePlan(builder: DecisionBuilder, command: PlannedCommand): Outcome {
  return 'report' in command ? runReport(builder, command) : ignored('the job is not planned');
}

/** A terminal job never changes; reports are answered so that provers stop sending them. */
function afterTheEnd(builder: DecisionBuilder, command: JobCommand): Outcome {
  return 'report' in command ? runReport(builder, command) : ignored(`the job is ${builder.job.status.kind}`);
}

function deadlinePassed(builder: DecisionBuilder): Outcome {
  const ms = builder.job.request.deadlineMs;
  failJob(builder, { code: 'DEADLINE_EXCEEDED', message: `not finished within its deadline of ${ms} ms` });
  return APPLIED;
}
