import type { Attempt, Segment } from '../ids.js';
import { corruptState } from '../errors.js';
import { PersistentList } from '../persistent-list.js';
import type { JobEvent } from './event.js';
import { isLive, type Assignment } from './assignment.js';
import { isTerminal, type JobState, type CommitmentSlot, type Plan, type Proof, type Run } from './job-state.js';
import { checkRestored } from './restored-job.js';
import { isOpen, newTask, type Task } from './task.js';

/** The small part of a job, kept in one row; the rest is kept one row per task, assignment, commitment and proof. */
export type RunHeader = Omit<Run, 'plan' | 'commitments' | 'contribute' | 'prove' | 'aggregate' | 'proofs'> & {
  readonly plan: Omit<Plan, 'output'>;
};
export type JobHeader = Omit<JobState, 'assignments' | 'run'> & { readonly run: RunHeader | null };

export interface CommitmentEntry {
  readonly segment: Segment;
  readonly slot: CommitmentSlot;
}

export interface ProofEntry {
  readonly attempt: Attempt;
  readonly segment: Segment;
  /** null when the proof was lost and is to be made again. */
  readonly proof: Proof | null;
}

/** What a store has to write to get from one state of a job to a later one. Applied in the order of the fields. */
export interface JobChanges {
  readonly header: JobHeader;
  /** Whether the header's `run` is to be written: it may be long, and seldom changes. */
  readonly runChanged: boolean;
  /** The program's public output, hexadecimal, when it has just become known. */
  readonly output: string | null;
  /** Tasks of this attempt are cancelled unless they are done. */
  readonly retiredAttempt: Attempt | null;
  /** The job ended: open tasks are cancelled, live assignments end as job_over. */
  readonly closed: boolean;
  readonly tasks: readonly Task[];
  readonly assignments: readonly Assignment[];
  readonly commitments: readonly CommitmentEntry[];
  readonly proofs: readonly ProofEntry[];
  readonly events: readonly JobEvent[];
}

export function headerOf(job: JobState): JobHeader {
  const { assignments: _assignments, run, ...rest } = job;
  return { ...rest, run: run && runHeaderOf(run) };
}

function runHeaderOf(run: Run): RunHeader {
  const { plan, commitments: _l, contribute: _c, prove: _p, aggregate: _a, proofs: _f, ...rest } = run;
  const { output: _o, ...outline } = plan;
  return { ...rest, plan: outline };
}

/** The difference between two states of one job; `before` is null for a new job. */
export function changesBetween(before: JobState | null, after: JobState, events: readonly JobEvent[]): JobChanges {
  const closed = before !== null && !isTerminal(before.status) && isTerminal(after.status);
  const sameAttempt = before?.run?.attempt === after.run?.attempt;
  return {
    header: headerOf(after),
    runChanged: hasOtherHeader(before?.run ?? null, after.run),
    output: before?.run ? null : (after.run?.plan.output ?? null),
    retiredAttempt: before?.run && !sameAttempt ? before.run.attempt : null,
    closed,
    tasks: changedTasks(before?.run ?? null, after.run, closed),
    assignments: changedAssignments(before?.assignments ?? NONE, after.assignments, closed),
    commitments: changedCommitments(before?.run?.commitments ?? NONE, after.run?.commitments ?? NONE),
    proofs: after.run ? changedProofs(sameAttempt ? (before?.run?.proofs ?? NONE) : NONE, after.run) : [],
    events,
  };
}

function hasOtherHeader(before: Run | null, after: Run | null): boolean {
  if (before === after || !after) return false;
  if (!before) return true;
  const [old, header] = [runHeaderOf(before), runHeaderOf(after)];
  const fields = Object.keys(header) as (keyof RunHeader)[];
  // The plan's outline is made anew each time; the plan itself never changes once it is there.
  return fields.some((field) => field !== 'plan' && old[field] !== header[field]);
}

function changedTasks(before: Run | null, after: Run | null, closed: boolean): Task[] {
  if (!after) return [];
  const sameAttempt = before?.attempt === after.attempt;
  const proveBefore = sameAttempt ? (before?.prove ?? NONE) : NONE;
  return [
    ...differing(before?.contribute ?? NONE, after.contribute, closed),
    ...differing(proveBefore, after.prove, closed),
    ...differing(single(before?.aggregate, sameAttempt), single(after.aggregate, true), closed),
  ];
}

const NONE: PersistentList<never> = PersistentList.of([]);

function single(task: Task | null | undefined, wanted: boolean): PersistentList<Task> {
  return wanted && task ? PersistentList.of([task]) : NONE;
}

function differing(before: PersistentList<Task>, after: PersistentList<Task>, closed: boolean): Task[] {
  return [...after.changesSince(before)].flatMap(([, task, old]) =>
    closed && old !== undefined && onlyClosed(old, task) ? [] : [task],
  );
}

/** The task changed in nothing but that the end of its job cancelled it. */
function onlyClosed(old: Task, task: Task): boolean {
  const closing = isOpen(old) && task.state.kind === 'CANCELLED';
  return closing && old.losses === task.losses && old.barred === task.barred && old.failedBy === task.failedBy;
}

function changedAssignments(
  before: PersistentList<Assignment>,
  after: PersistentList<Assignment>,
  closed: boolean,
): Assignment[] {
  return [...after.changesSince(before)].flatMap(([, assignment, old]) => {
    const ended = old && isLive(old) && assignment.state.kind === 'ENDED' && assignment.state.cause === 'job_over';
    return closed && ended ? [] : [assignment];
  });
}

function changedCommitments(
  before: PersistentList<CommitmentSlot>,
  after: PersistentList<CommitmentSlot>,
): CommitmentEntry[] {
  return [...after.changesSince(before)].flatMap(([segment, slot, old]) =>
    !old && slot.kind === 'missing' ? [] : [{ segment: segment as Segment, slot }],
  );
}

function changedProofs(before: PersistentList<Proof | null>, after: Run): ProofEntry[] {
  return [...after.proofs.changesSince(before)].flatMap(([segment, proof, old]) =>
    (old ?? null) === proof ? [] : [{ attempt: after.attempt, segment: segment as Segment, proof }],
  );
}

/** The rows of one job as a store kept them; of the attempts, only tasks and proofs of the header's attempt. */
export interface StoredJob {
  readonly header: JobHeader;
  readonly output: string | null;
  readonly tasks: readonly Task[];
  readonly assignments: readonly Assignment[];
  readonly commitments: readonly CommitmentEntry[];
  readonly proofs: readonly ProofEntry[];
}

/** Puts a job together again. @throws DomainError CORRUPT_STATE when rows are missing or do not fit together. */
export function restoreJob(stored: StoredJob): JobState {
  const { header } = stored;
  const assignments = [...stored.assignments].sort((a, b) => a.epoch - b.epoch);
  assignments.forEach((assignment, index) => {
    if (assignment.epoch !== index + 1) throw corruptState(`job ${header.id} lacks the row of assignment ${index + 1}`);
  });
  const run = header.run && restoreRun(header.run, stored);
  return checkRestored({ ...header, assignments: PersistentList.of(assignments), run });
}

function restoreRun(header: RunHeader, { output, tasks, commitments, proofs }: StoredJob): Run {
  if (output === null) throw corruptState('the output of a planned job is missing');
  const count = header.plan.segments + 1;
  const segments = Array.from({ length: count }, (_, index) => index as Segment);
  const contribute = new Map<number, Task>();
  const prove = new Map<number, Task>();
  let aggregate: Task | null = null;
  for (const task of tasks) {
    if (task.ref.kind === 'contribute') contribute.set(task.ref.segment, task);
    else if (task.ref.attempt !== header.attempt) continue;
    else if (task.ref.kind === 'prove') prove.set(task.ref.segment, task);
    else aggregate = task;
  }
  const slots = new Map(commitments.map((entry) => [entry.segment, entry.slot]));
  const known = new Map(proofs.filter((entry) => entry.attempt === header.attempt).map((e) => [e.segment, e.proof]));
  const challenged = prove.size > 0;
  return {
    ...header,
    // Jobs written by an earlier version have none.
    ownProofs: header.ownProofs ?? [],
    plan: { ...header.plan, output },
    contribute: PersistentList.of(
      segments.map((segment) => contribute.get(segment) ?? newTask({ kind: 'contribute', segment })),
    ),
    prove: PersistentList.of(challenged ? segments.map((segment) => found(prove.get(segment), header, segment)) : []),
    aggregate,
    commitments: PersistentList.of(segments.map((segment) => slots.get(segment) ?? { kind: 'missing' })),
    proofs: PersistentList.of(challenged ? segments.map((segment) => known.get(segment) ?? null) : []),
  };
}

function found(task: Task | undefined, header: RunHeader, segment: Segment): Task {
  if (!task) throw corruptState(`the row of task prove/${header.attempt}/${segment} is missing`);
  return task;
}
