import { BOUNDARY, type Segment } from '../../domain/ids.js';
import type { AssignedWork } from '../../domain/job/assigned-work.js';
import { segmentOf, taskKey, type TaskKey, type TaskRef } from '../../domain/job/task.js';
import type { AssignmentId } from '../../domain/session/lease-table.js';

/** One task of an assignment. */
export interface LocalTask {
  readonly ref: TaskRef;
  readonly key: TaskKey;
  /** Of an aggregation the boundary, as it has none. */
  readonly segment: Segment;
}

/** An assignment as this prover works on it. */
export interface LocalAssignment extends AssignedWork {
  /** Tells assignments apart: job and epoch. */
  readonly key: string;
  readonly localTasks: readonly LocalTask[];
}

export function assignmentKey({ job, epoch }: AssignmentId): string {
  return `${job}/${epoch}`;
}

export function toLocalAssignment(work: AssignedWork): LocalAssignment {
  const localTasks = work.tasks.map((ref) => ({ ref, key: taskKey(ref), segment: segmentOf(ref) ?? BOUNDARY }));
  return { ...work, key: assignmentKey(work), localTasks };
}
