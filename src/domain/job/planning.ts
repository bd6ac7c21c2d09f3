import type { Attempt, Segment } from '../ids.js';
import { PersistentList } from '../persistent-list.js';
import type { JobCommand } from './command.js';
import { APPLIED, ignored, type Outcome } from './decision.js';
import { failJob } from './ending.js';
import type { JobRequest } from './request.js';
import type { Plan, Run } from './job-state.js';
import { coordinatorTask, pendingCoordinatorTasks } from './coordinator-tasks.js';
import { newTask, type Task } from './task.js';
import type { DecisionBuilder } from './decision-builder.js';

export function startPlanning(builder: DecisionBuilder): Outcome {
  if (builder.job.status.kind !== 'QUEUED') return ignored('the job is not queued');
  builder.moveTo({ kind: 'PLANNING' });
  builder.record({ type: 'planning' });
  builder.emit(coordinatorTask('plan'));
  return APPLIED;
}

/** The coordinator ran the program: its word on cycles, segments and output is what everything is compared with. */
export function acceptPlan(builder: DecisionBuilder, plan: Plan): Outcome {
  if (builder.job.status.kind !== 'PLANNING') return ignored('the job is not being planned');
  builder.patch({ ownFailures: 0 });
  builder.startRun(newRun(plan, builder.job.request));
  builder.moveTo({ kind: 'RUNNING' });
  const { segments, cycles, exitCode } = plan;
  builder.record({ type: 'planned', segments, cycles, exitCode });
  return APPLIED;
}

/** Nothing that anybody does can make a proof of this job. */
export function cannotSucceed(
  builder: DecisionBuilder,
  { failure }: Extract<JobCommand, { kind: 'cannot_succeed' }>,
): Outcome {
  failJob(builder, failure);
  return APPLIED;
}

export function guestFailed(builder: DecisionBuilder, reason: string): Outcome {
  if (builder.job.status.kind !== 'PLANNING') return ignored('the job is not being planned');
  failJob(builder, { code: 'GUEST_FAILED', message: reason });
  return APPLIED;
}

function newRun(plan: Plan, request: JobRequest): Run {
  const segments = Array.from({ length: plan.segments + 1 }, (_, index) => index as Segment);
  return {
    plan,
    stage: 'CONTRIBUTING',
    attempt: 1 as Attempt,
    challenge: null,
    commitmentList: null,
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
export function coordinatorTaskFailed(
  builder: DecisionBuilder,
  { work, message, final, passing = false }: OwnFailure,
): Outcome {
  const isPending = pendingCoordinatorTasks(builder.job).some(
    (effect) => effect.kind === 'coordinator_task' && effect.work === work,
  );
  if (!isPending) return ignored(`no ${work} is due`);
  if (passing) return tryAgain(builder, work, PASSING_RETRY_MS);
  const ownFailures = builder.job.ownFailures + 1;
  builder.patch({ ownFailures });
  if (final !== null || ownFailures >= builder.job.rules.maxOwnFailures) {
    failJob(builder, { code: final ?? 'COORDINATOR_FAILED', message: `${work} failed: ${message}` });
    return APPLIED;
  }
  return tryAgain(builder, work, FIRST_RETRY_MS * 2 ** (ownFailures - 1));
}

function tryAgain(builder: DecisionBuilder, work: OwnFailure['work'], delayMs: number): Outcome {
  for (const effect of pendingCoordinatorTasks(builder.job, delayMs)) {
    if (effect.kind === 'coordinator_task' && effect.work === work) builder.emit(effect);
  }
  return APPLIED;
}
