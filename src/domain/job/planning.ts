import type { Attempt, Segment } from '../ids.js';
import { PersistentList } from '../persistent-list.js';
import type { JobCommand } from './command.js';
import { APPLIED, ignored, type Outcome } from './decision.js';
import { failJob } from './ending.js';
import type { JobRequest } from './request.js';
import type { Plan, Run } from './job-state.js';
import { coordinatorTask, pendingCoordinatorTasks } from './coordinator-tasks.js';
import { newTask, type Task } from './task.js';
import type { Turn } from './turn.js';

export function startPlanning(turn: Turn): Outcome {
  if (turn.job.status.kind !== 'QUEUED') return ignored('the job is not queued');
  turn.moveTo({ kind: 'PLANNING' });
  turn.record({ type: 'planning' });
  turn.emit(coordinatorTask('plan'));
  return APPLIED;
}

/** The coordinator ran the program: its word on cycles, segments and output is what everything is compared with. */
export function acceptPlan(turn: Turn, plan: Plan): Outcome {
  if (turn.job.status.kind !== 'PLANNING') return ignored('the job is not being planned');
  turn.patch({ ownFailures: 0 });
  turn.startRun(newRun(plan, turn.job.request));
  turn.moveTo({ kind: 'RUNNING' });
  const { segments, cycles, exitCode } = plan;
  turn.record({ type: 'planned', segments, cycles, exitCode });
  return APPLIED;
}

/** Nothing that anybody does can make a proof of this job. */
export function cannotSucceed(turn: Turn, { failure }: Extract<JobCommand, { kind: 'cannot_succeed' }>): Outcome {
  failJob(turn, failure);
  return APPLIED;
}

export function guestFailed(turn: Turn, reason: string): Outcome {
  if (turn.job.status.kind !== 'PLANNING') return ignored('the job is not being planned');
  failJob(turn, { code: 'GUEST_FAILED', message: reason });
  return APPLIED;
}

function newRun(plan: Plan, request: JobRequest): Run {
  const segments = Array.from({ length: plan.segments + 1 }, (_, index) => index as Segment);
  return {
    plan,
    stage: 'CONTRIBUTING',
    attempt: 1 as Attempt,
    challenge: null,
    commitmentChanged: false,
    allocation: Array.from({ length: request.computeUnits }, () => null),
    commitments: PersistentList.of(segments.map(() => ({ kind: 'missing' }))),
    contribute: PersistentList.of(segments.map((segment) => firstTask(segment, request))),
    prove: PersistentList.of([]),
    aggregate: null,
    proofs: PersistentList.of([]),
    suspectedFaulty: null,
    disputes: [],
    ownProofs: [],
  };
}

/** A simulated job does the partition of one node; the tasks of the others are cancelled from the start. */
function firstTask(segment: Segment, request: JobRequest): Task {
  const task = newTask({ kind: 'contribute', segment });
  const { simulatedNode, computeUnits } = request;
  const wanted = simulatedNode === null || segment % computeUnits === simulatedNode;
  return wanted ? task : { ...task, state: { kind: 'CANCELLED' } };
}

type OwnFailure = Extract<JobCommand, { kind: 'coordinator_task_failed' }>;

/** First pause before the coordinator tries a task of its own again; doubles with each failure in a row. */
const FIRST_RETRY_MS = 250;
/** Where nothing but the disk is in the way. */
const PASSING_RETRY_MS = 2_000;

/** A coordinator task failed: tried again with growing pauses, then the job ends with the reason. */
export function coordinatorTaskFailed(turn: Turn, { work, message, final, passing = false }: OwnFailure): Outcome {
  const isPending = pendingCoordinatorTasks(turn.job).some(
    (effect) => effect.kind === 'coordinator_task' && effect.work === work,
  );
  if (!isPending) return ignored(`no ${work} is due`);
  if (passing) return tryAgain(turn, work, PASSING_RETRY_MS);
  const ownFailures = turn.job.ownFailures + 1;
  turn.patch({ ownFailures });
  if (final !== null || ownFailures >= turn.job.rules.maxOwnFailures) {
    failJob(turn, { code: final ?? 'COORDINATOR_FAILED', message: `${work} failed: ${message}` });
    return APPLIED;
  }
  return tryAgain(turn, work, FIRST_RETRY_MS * 2 ** (ownFailures - 1));
}

function tryAgain(turn: Turn, work: OwnFailure['work'], delayMs: number): Outcome {
  for (const effect of pendingCoordinatorTasks(turn.job, delayMs)) {
    if (effect.kind === 'coordinator_task' && effect.work === work) turn.emit(effect);
  }
  return APPLIED;
}
