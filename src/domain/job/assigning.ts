import type { Epoch, ProverId } from '../ids.js';
import { assignmentContent } from './assignment-content.js';
import type { JobCommand } from './command.js';
import { APPLIED, ignored, type Outcome } from './decision.js';
import { isLive, type Assignment, type AssignmentEnd, type AssignmentGrade } from './assignment.js';
import type { Run, Stage } from './job-state.js';
import { isHeldBy, segmentOf, type Task, type TaskKind, type TaskRef, type TaskState } from './task.js';
import type { DecisionBuilder } from './decision-builder.js';

type Assignments = Extract<JobCommand, { kind: 'assign' }>;

/** Assigns what of the asked tasks may still be assigned, under a new epoch; nothing else changes hands. */
export function makeAssignment(builder: DecisionBuilder, command: Assignments): Outcome {
  if (builder.job.status.kind !== 'RUNNING') return ignored('the job is not running');
  if (builder.job.excluded.includes(command.prover)) return ignored('the prover is quarantined');
  const phase = command.tasks[0]?.kind;
  const tasks = command.tasks.filter(
    (ref) => ref.kind === phase && mayAssign(builder, ref, command.prover, command.grade),
  );
  if (phase === undefined || tasks.length === 0) return ignored('none of the tasks is free');
  const epoch = builder.nextEpoch;
  const { prover, grade, leaseMs } = command;
  builder.putAssignment({ epoch, prover, phase, grade, tasks, leaseMs, state: { kind: 'LIVE' } });
  builder.updateTasks(tasks, (task) => ({ ...task, state: assignedState(task.state, epoch) }));
  if (builder.job.startedAtMs === null) builder.patch({ startedAtMs: builder.now.wallMs });
  builder.record({ type: 'assigned', prover, epoch, phase, tasks: tasks.length, grade });
  builder.emit({ kind: 'send_assignment', assignment: assignmentContent(builder.job, epoch) });
  return { kind: 'assigned', epoch };
}

/** Which tasks are assigned in which stage; the other stages wait for the coordinator. */
const WORK_OF_STAGE: Readonly<Partial<Record<Stage, TaskKind>>> = {
  CONTRIBUTING: 'contribute',
  AUDITING: 'contribute',
  PROVING: 'prove',
  AGGREGATING: 'aggregate',
};

/** The kind of task a run has to assign now, if any: none while a new attempt is due. */
export function openPhase(run: Run): TaskKind | null {
  if (run.stage === 'PROVING' && run.commitmentChanged) return null;
  return WORK_OF_STAGE[run.stage] ?? null;
}

function mayAssign(builder: DecisionBuilder, ref: TaskRef, prover: ProverId, grade: AssignmentGrade): boolean {
  const task = builder.task(ref);
  if (!task || ref.kind !== openPhase(builder.run) || isInOwnHands(builder.run, ref)) return false;
  if (task.barred.includes(prover)) return false;
  const { state } = task;
  if (grade === 'primary') return state.kind === 'READY';
  return (
    state.kind === 'ASSIGNED' && state.speculative === null && builder.assignment(state.primary)?.prover !== prover
  );
}

/** The coordinator itself is at work on the task, or on the commitment that it depends on. */
export function isInOwnHands(run: Run, ref: TaskRef): boolean {
  const segment = segmentOf(ref);
  if (run.disputes.some((dispute) => dispute.segment === segment)) return true;
  return ref.kind === 'prove' && run.ownProofs.includes(ref.segment);
}

function assignedState(state: TaskState, epoch: Epoch): TaskState {
  return state.kind === 'ASSIGNED'
    ? { ...state, speculative: epoch }
    : { kind: 'ASSIGNED', primary: epoch, speculative: null };
}

/** A prover gives its unfinished tasks back in good order. */
export function handBack(builder: DecisionBuilder, prover: ProverId, epoch: Epoch): Outcome {
  const assignment = builder.assignment(epoch);
  if (!assignment || assignment.prover !== prover || !isLive(assignment)) return ignored('no such live assignment');
  releaseAssignment(builder, assignment, 'handed_back');
  return APPLIED;
}

export function heldTasks(builder: DecisionBuilder, assignment: Assignment): TaskRef[] {
  return assignment.tasks.filter((ref) => {
    const task = builder.task(ref);
    return task !== undefined && isHeldBy(task, assignment.epoch);
  });
}

/** Causes of which the prover knows by itself, or cannot hear. */
const UNTOLD: ReadonlySet<AssignmentEnd> = new Set([
  'disconnected',
  'not_held',
  'finished',
  'failed',
  'handed_back',
  'job_over',
]);

/** Ends a live assignment and gives its unfinished tasks back. */
export function releaseAssignment(builder: DecisionBuilder, assignment: Assignment, cause: AssignmentEnd): void {
  const tasks = heldTasks(builder, assignment);
  builder.updateTasks(tasks, (task) => ({ ...task, state: stateWithout(task.state, assignment.epoch) }));
  closeAssignment(builder, assignment, cause);
  if (!UNTOLD.has(cause)) {
    builder.emit({ kind: 'revoke', prover: assignment.prover, epoch: assignment.epoch, tasks, reason: cause });
  }
}

/** What remains of an assigned state when one of its assignments goes: the other one moves up, or the task is free. */
function stateWithout(state: TaskState, epoch: Epoch): TaskState {
  if (state.kind !== 'ASSIGNED') return state;
  if (state.speculative === epoch) return { ...state, speculative: null };
  if (state.primary !== epoch) return state;
  if (state.speculative === null) return { kind: 'READY' };
  return { kind: 'ASSIGNED', primary: state.speculative, speculative: null };
}

function closeAssignment(builder: DecisionBuilder, assignment: Assignment, cause: AssignmentEnd): void {
  builder.putAssignment({ ...assignment, state: { kind: 'ENDED', cause } });
  builder.record({ type: 'assignment_ended', prover: assignment.prover, epoch: assignment.epoch, cause });
  builder.emit({ kind: 'assignment_over', prover: assignment.prover, epoch: assignment.epoch });
}

/** Takes one task from one assignment, and ends the assignment with `cause` when that was its last. */
export function releaseTask(builder: DecisionBuilder, ref: TaskRef, epoch: Epoch, cause: AssignmentEnd): void {
  builder.updateTasks([ref], (task) => ({ ...task, state: stateWithout(task.state, epoch) }));
  closeIfEmpty(builder, epoch, cause);
}

/** Marks a task as done; whoever else holds it is told to stop. */
export function completeTask(builder: DecisionBuilder, task: Task, done: Extract<TaskState, { kind: 'DONE' }>): void {
  const holders = task.state.kind === 'ASSIGNED' ? [task.state.primary, task.state.speculative] : [];
  builder.setTaskState(task.ref, done);
  for (const epoch of holders) {
    if (epoch === null) continue;
    if (epoch !== done.epoch) tellSuperseded(builder, task, epoch);
    closeIfEmpty(builder, epoch, epoch === done.epoch ? 'finished' : 'superseded');
  }
}

function tellSuperseded(builder: DecisionBuilder, task: Task, epoch: Epoch): void {
  const assignment = builder.assignment(epoch);
  if (!assignment) return;
  builder.emit({
    kind: 'revoke',
    prover: assignment.prover,
    epoch,
    tasks: [task.ref],
    reason: 'done by another prover',
  });
}

function closeIfEmpty(builder: DecisionBuilder, epoch: Epoch, cause: AssignmentEnd): void {
  const assignment = builder.assignment(epoch);
  if (assignment && isLive(assignment) && heldTasks(builder, assignment).length === 0) {
    closeAssignment(builder, assignment, cause);
  }
}
