import { assertNever } from '../assert-never.js';
import { invalidArgument } from '../errors.js';
import type { Epoch, ProverId, Attempt, Segment } from '../ids.js';
import type { TransitionTable } from '../transition-table.js';

/** Which piece of a job a task is. Tasks are named by role, so planning twice cannot make two of one. */
export type TaskRef =
  | { readonly kind: 'contribute'; readonly segment: Segment }
  | { readonly kind: 'prove'; readonly attempt: Attempt; readonly segment: Segment }
  | { readonly kind: 'aggregate'; readonly attempt: Attempt };

export type TaskKind = TaskRef['kind'];

/** `contribute/<segment>`, `prove/<attempt>/<segment>` or `aggregate/<attempt>`. */
export type TaskKey = string & { readonly __taskKey: true };

/** The smallest thing that is leased and retried. */
export interface Task {
  readonly ref: TaskRef;
  readonly state: TaskState;
  /** Every prover that held the task and reported that it failed, once per failure. */
  readonly failedBy: readonly ProverId[];
  /** Every prover that was lost while it held the task, once per loss. */
  readonly losses: readonly ProverId[];
  /** Provers that must not get this task again: they failed it for good or twice, or wrote what it checks. */
  readonly barred: readonly ProverId[];
  /** Results of assignments older than this are stale: the task was opened again since. */
  readonly reopenedAt: Epoch;
}

export type TaskState =
  | { readonly kind: 'READY' }
  | { readonly kind: 'ASSIGNED'; readonly primary: Epoch; readonly speculative: Epoch | null }
  | { readonly kind: 'DONE'; readonly by: ProverId | 'coordinator'; readonly epoch: Epoch; readonly late: boolean }
  | { readonly kind: 'CANCELLED' }
  | { readonly kind: 'QUARANTINED'; readonly reason: string };

/** DONE -> READY happens only when an attempt asks for a commitment again, or a stored proof was lost. */
export const TASK_TRANSITIONS: TransitionTable<TaskState['kind']> = {
  READY: ['ASSIGNED', 'DONE', 'CANCELLED', 'QUARANTINED'],
  ASSIGNED: ['ASSIGNED', 'READY', 'DONE', 'CANCELLED', 'QUARANTINED'],
  DONE: ['READY', 'CANCELLED'],
  CANCELLED: [],
  QUARANTINED: [],
};

/** Before every assignment: the epoch of what the coordinator did itself. */
export const NO_EPOCH = 0 as Epoch;

export function newTask(ref: TaskRef): Task {
  return { ref, state: { kind: 'READY' }, failedBy: [], losses: [], barred: [], reopenedAt: NO_EPOCH };
}

export function taskKey(ref: TaskRef): TaskKey {
  switch (ref.kind) {
    case 'contribute':
      return `contribute/${ref.segment}` as TaskKey;
    case 'prove':
      return `prove/${ref.attempt}/${ref.segment}` as TaskKey;
    case 'aggregate':
      return `aggregate/${ref.attempt}` as TaskKey;
    default:
      return assertNever(ref, 'task kind');
  }
}

const NUMBER = /^(0|[1-9][0-9]{0,8})$/;

/** @throws DomainError INVALID_ARGUMENT when `key` names no task. */
export function parseTaskKey(key: string): TaskRef {
  const [kind, ...rest] = key.split('/');
  const numbers = rest.filter((part) => NUMBER.test(part)).map(Number);
  const [first, second] = numbers;
  if (numbers.length === rest.length && first !== undefined) {
    if (kind === 'contribute' && second === undefined) return { kind, segment: first as Segment };
    if (kind === 'aggregate' && second === undefined) return { kind, attempt: first as Attempt };
    if (kind === 'prove' && second !== undefined && numbers.length === 2) {
      return { kind, attempt: first as Attempt, segment: second as Segment };
    }
  }
  throw invalidArgument(
    'task',
    key.slice(0, 80),
    'contribute/<segment>, prove/<attempt>/<segment> or aggregate/<attempt>',
  );
}

/** The segment a task works on; an aggregation works on none. */
export function segmentOf(ref: TaskRef): Segment | null {
  return ref.kind === 'aggregate' ? null : ref.segment;
}

export function isOpen(task: Task): boolean {
  return task.state.kind === 'READY' || task.state.kind === 'ASSIGNED';
}

/** Nothing of this phase waits for the task any more. */
export function isClosed(task: Task): boolean {
  return task.state.kind === 'DONE' || task.state.kind === 'CANCELLED';
}

export function isHeldBy(task: Task, epoch: Epoch): boolean {
  const { state } = task;
  return state.kind === 'ASSIGNED' && (state.primary === epoch || state.speculative === epoch);
}
