import type { JobId } from '../ids.js';
import type { Assignment } from '../job/assignment.js';
import type { TaskKind } from '../job/task.js';
import type { AssignmentTimes } from './assignment-input.js';
import type { AssignmentOptions } from './options.js';

/** Those of a job's live assignments in this phase that take longer than usual, the slowest first. */
export function lateAssignments(
  job: JobId,
  phase: TaskKind | null,
  live: Iterable<Assignment>,
  { idleMs, medianMs }: AssignmentTimes,
  options: AssignmentOptions,
): Assignment[] {
  if (phase === null) return [];
  const timeoutMs = speculationTimeoutMs(medianMs(job, phase), options);
  const late: { readonly assignment: Assignment; readonly ms: number }[] = [];
  for (const assignment of live) {
    const ms = assignment.phase === phase ? idleMs({ job, epoch: assignment.epoch }) : null;
    if (ms !== null && ms >= timeoutMs) late.push({ assignment, ms });
  }
  return late
    .sort((a, b) => b.ms - a.ms || a.assignment.epoch - b.assignment.epoch)
    .map(({ assignment }) => assignment);
}

function speculationTimeoutMs(medianMs: number | null, options: AssignmentOptions): number {
  if (medianMs === null) return options.speculateBlindMs;
  return Math.max(options.speculateFloorMs, medianMs * options.speculateAfter);
}

/** So late that its prover is quarantined, if another has nothing to do: else two of them could hold a task for ever. */
export function isOverdue(
  job: JobId,
  { epoch, phase }: Assignment,
  { idleMs, medianMs }: AssignmentTimes,
  { overdueAfter, overdueFloorMs }: AssignmentOptions,
): boolean {
  const ms = idleMs({ job, epoch });
  const usualMs = medianMs(job, phase) ?? 0;
  return ms !== null && ms >= Math.max(overdueFloorMs, usualMs * overdueAfter);
}
