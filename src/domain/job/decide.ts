import { assertNever } from '../assert-never.js';
import { excludeProver } from './quarantining.js';
import type { JobCommand, ReportHeader } from './command.js';
import { disputeCommitment, reportCommitment } from './contributing.js';
import { APPLIED, ignored, type Decision, type Now, type Outcome } from './decision.js';
import { resolveDispute } from './disputes.js';
import { cancelJob, failJob } from './ending.js';
import { makeAssignment, handBack } from './assigning.js';
import { endAssignment } from './losing.js';
import { isTerminal, newJob, type JobState } from './job-state.js';
import { acceptPlan, cannotSucceed, guestFailed, coordinatorTaskFailed, startPlanning } from './planning.js';
import { aggregateLocally, aggregatedLocally, reopenProof } from './local-aggregation.js';
import { startProving } from './progress.js';
import { proofChecked, reportFailure, reportMalformed, reportProof } from './proving.js';
import { takeOver, ownProof } from './taking-over.js';
import { Turn } from './turn.js';

/** Everything that decides what becomes of a job; injected so that tests can drive a faulty one. */
export type Decide = (job: JobState, command: JobCommand, now: Now) => Decision;

/**
 * What a command does to a job: the new state, the events, and the effects to carry out once the state is committed.
 * Pure: the same arguments give the same decision, and `job` is left as it was.
 */
export const decide: Decide = (job, command, now) => {
  const turn = new Turn(job, now);
  const outcome = isTerminal(job.status) ? afterTheEnd(turn, command) : run(turn, command);
  return turn.decision(outcome);
};

/** The decision that a new job comes into being with. */
export function accept(job: ReturnType<typeof newJob>, now: Now): Decision {
  const turn = new Turn(job, now);
  turn.record({ type: 'submitted' });
  return turn.decision(APPLIED);
}

function run(turn: Turn, command: JobCommand): Outcome {
  switch (command.kind) {
    case 'start_planning':
      return startPlanning(turn);
    case 'planned':
      return acceptPlan(turn, command.plan);
    case 'guest_failed':
      return guestFailed(turn, command.reason);
    case 'cannot_succeed':
      return cannotSucceed(turn, command);
    case 'coordinator_task_failed':
      return coordinatorTaskFailed(turn, command);
    case 'cancel':
      cancelJob(turn, command.reason);
      return APPLIED;
    case 'deadline_passed':
      return deadlinePassed(turn);
    case 'exclude_prover':
      excludeProver(turn, command.prover, 'quarantined');
      return APPLIED;
    default:
      return turn.job.run ? runPlanned(turn, command) : beforePlan(turn, command);
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

function runPlanned(turn: Turn, command: PlannedCommand): Outcome {
  switch (command.kind) {
    case 'challenge_derived':
      return startProving(turn, command);
    case 'commitment_recomputed':
      return resolveDispute(turn, command);
    case 'aggregate_locally':
      return aggregateLocally(turn, 'no prover can aggregate');
    case 'aggregated_locally':
      return aggregatedLocally(turn, command);
    case 'proof_lost':
      return reopenProof(turn, command);
    case 'own_proof':
      return ownProof(turn, command);
    case 'take_over':
      return takeOver(turn, command.task, 'no prover that is there may do it');
    case 'allocate':
      turn.patchRun({ allocation: command.allocation });
      return APPLIED;
    case 'assign':
      return makeAssignment(turn, command);
    case 'end_assignment':
      return endAssignment(turn, command);
    default:
      return runReport(turn, command);
  }
}

type Report = Extract<PlannedCommand, { report: ReportHeader } | { kind: 'hand_back' }>;

function runReport(turn: Turn, command: Report): Outcome {
  switch (command.kind) {
    case 'report_commitment':
      return reportCommitment(turn, command);
    case 'report_proof':
      return reportProof(turn, command);
    case 'proof_checked':
      return proofChecked(turn, command);
    case 'report_failure':
      return reportFailure(turn, command);
    case 'report_malformed':
      return reportMalformed(turn, command);
    case 'dispute_commitment':
      return disputeCommitment(turn, command);
    case 'hand_back':
      return handBack(turn, command.prover, command.epoch);
    default:
      return assertNever(command, 'job command');
  }
}

/** Without a plan nothing was assigned, so every report is refused; the rest has nothing to act on. */
function beforePlan(turn: Turn, command: PlannedCommand): Outcome {
  return 'report' in command ? runReport(turn, command) : ignored('the job is not planned');
}

/** A terminal job never changes; reports are answered so that provers stop sending them. */
function afterTheEnd(turn: Turn, command: JobCommand): Outcome {
  return 'report' in command ? runReport(turn, command) : ignored(`the job is ${turn.job.status.kind}`);
}

function deadlinePassed(turn: Turn): Outcome {
  const ms = turn.job.request.deadlineMs;
  failJob(turn, { code: 'DEADLINE_EXCEEDED', message: `not finished within its deadline of ${ms} ms` });
  return APPLIED;
}
