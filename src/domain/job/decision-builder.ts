import { corruptState } from '../errors.js';
import type { Epoch, ProverId } from '../ids.js';
import type { PersistentList } from '../persistent-list.js';
import { assertTransition } from '../transition-table.js';
import type { Decision, Now, Outcome, Quarantine } from './decision.js';
import type { Effect } from './effect.js';
import type { JobEvent, JobEventBody } from './event.js';
import { ASSIGNMENT_TRANSITIONS, type Assignment } from './assignment.js';
import {
  JOB_TRANSITIONS,
  STAGE_TRANSITIONS,
  type JobState,
  type JobStatus,
  type Run,
  type Stage,
} from './job-state.js';
import { TASK_TRANSITIONS, type Task, type TaskRef, type TaskState } from './task.js';

/**
 * One call of `decide` at work: collects changes, events and effects. The state it was given is never touched;
 * every change replaces the part it concerns, so unchanged parts stay identical and the store can tell them apart.
 */
export class DecisionBuilder {
  private state: JobState;
  private readonly events: JobEvent[] = [];
  private readonly effects: Effect[] = [];
  private readonly quarantines: Quarantine[] = [];

  constructor(
    private readonly before: JobState,
    readonly now: Now,
  ) {
    this.state = before;
  }

  get job(): JobState {
    return this.state;
  }

  /** @throws DomainError CORRUPT_STATE when the job is not planned: callers check the status first. */
  get run(): Run {
    if (!this.state.run) throw corruptState(`job ${this.state.id} has no plan in status ${this.state.status.kind}`);
    return this.state.run;
  }

  patch(change: Partial<Omit<JobState, 'id' | 'run' | 'status' | 'assignments' | 'version' | 'lastEvent'>>): void {
    this.state = { ...this.state, ...change };
  }

  startRun(run: Run): void {
    this.state = { ...this.state, run };
  }

  patchRun(change: Partial<Omit<Run, 'stage' | 'plan'>>): void {
    this.state = { ...this.state, run: { ...this.run, ...change } };
  }

  moveTo(status: JobStatus): void {
    assertTransition('job', JOB_TRANSITIONS, this.state.status.kind, status.kind);
    this.state = { ...this.state, status };
  }

  enter(stage: Stage): void {
    assertTransition('stage', STAGE_TRANSITIONS, this.run.stage, stage);
    this.state = { ...this.state, run: { ...this.run, stage } };
  }

  /** The task, or undefined when the current attempt has none of that name. */
  task(ref: TaskRef): Task | undefined {
    const { run } = this;
    if (ref.kind === 'contribute') return run.contribute.at(ref.segment);
    if (ref.attempt !== run.attempt) return undefined;
    return ref.kind === 'prove' ? run.prove.at(ref.segment) : (run.aggregate ?? undefined);
  }

  /** Replaces the named tasks; one change per phase however many there are. Names of no task are skipped. */
  updateTasks(refs: readonly TaskRef[], change: (task: Task) => Task): void {
    const contribute = refs.filter((ref) => ref.kind === 'contribute').map((ref) => ref.segment);
    const prove = refs
      .filter((ref) => ref.kind === 'prove' && this.task(ref))
      .map((ref) => (ref as { segment: number }).segment);
    const aggregate = refs.some((ref) => ref.kind === 'aggregate' && this.task(ref));
    if (contribute.length > 0) this.patchRun({ contribute: replaced(this.run.contribute, contribute, change) });
    if (prove.length > 0) this.patchRun({ prove: replaced(this.run.prove, prove, change) });
    if (aggregate && this.run.aggregate) this.patchRun({ aggregate: checked(this.run.aggregate, change) });
  }

  setTaskState(ref: TaskRef, state: TaskState): void {
    this.updateTasks([ref], (task) => ({ ...task, state }));
  }

  get nextEpoch(): Epoch {
    return (this.state.assignments.length + 1) as Epoch;
  }

  assignment(epoch: Epoch): Assignment | undefined {
    return this.state.assignments.at(epoch - 1);
  }

  putAssignment(assignment: Assignment): void {
    const { assignments } = this.state;
    const known = this.assignment(assignment.epoch);
    const next = known
      ? assignments.with(assignment.epoch - 1, moved(known, assignment))
      : assignments.appended(assignment);
    this.state = { ...this.state, assignments: next };
  }

  /** Replaces each assignment by what `change` makes of it; one copy however many there are. */
  updateAssignments(change: (assignment: Assignment) => Assignment): void {
    this.state = {
      ...this.state,
      assignments: this.state.assignments.transformed((assignment) => moved(assignment, change(assignment))),
    };
  }

  record(body: JobEventBody): void {
    const seq = this.state.lastEvent + 1;
    this.events.push({ ...body, seq, atMs: this.now.wallMs });
    this.state = { ...this.state, lastEvent: seq };
  }

  emit(effect: Effect): void {
    this.effects.push(effect);
  }

  quarantine(prover: ProverId, reason: string): void {
    this.quarantines.push({ prover, reason });
    this.emit({ kind: 'quarantine', prover, reason });
  }

  decision(outcome: Outcome): Decision {
    const changed = this.state !== this.before;
    const job = changed ? { ...this.state, version: this.before.version + 1 } : this.before;
    return { job, outcome, events: this.events, quarantines: this.quarantines, effects: this.effects };
  }
}

function replaced(
  tasks: PersistentList<Task>,
  segments: readonly number[],
  change: (task: Task) => Task,
): PersistentList<Task> {
  const known = segments.filter((segment) => tasks.at(segment));
  return tasks.updated(known, (task) => checked(task, change));
}

function moved(assignment: Assignment, next: Assignment): Assignment {
  if (next.state !== assignment.state) {
    assertTransition('assignment', ASSIGNMENT_TRANSITIONS, assignment.state.kind, next.state.kind);
  }
  return next;
}

function checked(task: Task, change: (task: Task) => Task): Task {
  const next = change(task);
  if (next.state !== task.state) assertTransition('task', TASK_TRANSITIONS, task.state.kind, next.state.kind);
  return next;
}
