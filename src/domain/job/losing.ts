import type { ProverId } from '../ids.js';
import { quarantineProver } from './quarantining.js';
import type { JobCommand, ReportHeader } from './command.js';
import { APPLIED, ignored, type Outcome } from './decision.js';
import { failJob } from './ending.js';
import { isLive, PROVER_LOST, type Assignment } from './assignment.js';
import type { JobState } from './job-state.js';
import { taskFailed } from './proving.js';
import { takeOver } from './taking-over.js';
import { heldTasks, releaseAssignment } from './assigning.js';
import { taskKey, type Task, type TaskRef } from './task.js';
import type { DecisionBuilder } from './decision-builder.js';

type Ends = Extract<JobCommand, { kind: 'end_assignment' }>;

/** Ends an assignment for a reason outside the job: its unfinished tasks go back, nothing else is touched. */
export function endAssignment(builder: DecisionBuilder, { epoch, cause, countsAsLoss }: Ends): Outcome {
  const assignment = builder.assignment(epoch);
  if (!assignment || !isLive(assignment)) return ignored('the assignment has ended already');
  const { prover } = assignment;
  const tasks = heldTasks(builder, assignment);
  releaseAssignment(builder, assignment, cause);
  if (cause === 'overdue') quarantineProver(builder, prover, `no result of epoch ${epoch} for too long`);
  if (cause === 'timed_out') for (const task of tasks) timedOut(builder, { prover, epoch, task });
  if (countsAsLoss) countLosses(builder, tasks, prover);
  return APPLIED;
}

/** A prover that says that it works on a task and never has a result has failed at it, and does not get it again. */
function timedOut(builder: DecisionBuilder, report: ReportHeader): void {
  if (builder.job.status.kind !== 'RUNNING') return;
  taskFailed(builder, { report, reason: 'no result for too long', retryable: false });
}

/**
 * A prover was lost while it held these tasks. A task that keeps killing provers is poison: it is quarantined and the job
 * ends, so that it cannot take down the whole network. But provers are lost for reasons of their own as well, so only the
 * loss of one that is known to work says something of the task. Where others are lost over and over, the coordinator does
 * the task itself: nobody ends a job by dropping its connection.
 */
function countLosses(builder: DecisionBuilder, refs: readonly TaskRef[], prover: ProverId): void {
  builder.updateTasks(refs, (task) => ({ ...task, losses: [...task.losses, prover] }));
  const { maxProversLost, maxLosses } = builder.job.rules;
  const lossesOf = (ref: TaskRef) => builder.task(ref)?.losses ?? [];
  for (const ref of refs) {
    const telling = lossesOf(ref).filter((lost) => isKnownToWork(builder.job, lost, ref));
    if (new Set(telling).size < maxProversLost && telling.length < maxLosses) continue;
    return quarantineTask(builder, ref, `${telling.length} losses of provers that held it`);
  }
  for (const ref of refs) {
    if (lossesOf(ref).length >= maxLosses) takeOver(builder, ref, `its provers were lost ${maxLosses} times`);
  }
}

/** It has given this job more results than it was lost times with other tasks in its hands. */
function isKnownToWork({ run, assignments }: JobState, prover: ProverId, ref: TaskRef): boolean {
  const isResult = ({ state }: Task) => state.kind === 'DONE' && state.by === prover;
  const results = numberOf(run?.contribute ?? [], isResult) + numberOf(run?.prove ?? [], isResult);
  const key = taskKey(ref);
  const isElsewhere = ({ prover: holder, state, tasks }: Assignment) =>
    holder === prover &&
    state.kind === 'ENDED' &&
    PROVER_LOST.has(state.cause) &&
    tasks.every((task) => taskKey(task) !== key);
  return results > numberOf(assignments, isElsewhere);
}

/** The lists' own count keeps its results by test, and these tests live for one call. */
function numberOf<T>(items: Iterable<T>, test: (item: T) => boolean): number {
  let passed = 0;
  for (const item of items) if (test(item)) passed += 1;
  return passed;
}

/** Takes a task out of circulation and fails its job with the reason. */
function quarantineTask(builder: DecisionBuilder, ref: TaskRef, why: string): void {
  const reason = `task ${taskKey(ref)} was quarantined after ${why}`;
  builder.setTaskState(ref, { kind: 'QUARANTINED', reason });
  failJob(builder, { code: 'TASK_QUARANTINED', message: reason });
}
