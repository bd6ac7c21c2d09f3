import { ALREADY_DONE, rejected, stale, type Verdict } from '../verdict.js';
import type { ReportHeader } from './command.js';
import { isLive, type Assignment } from './assignment.js';
import { isTerminal } from './job-state.js';
import { isHeldBy, taskKey, type Task } from './task.js';
import type { DecisionBuilder } from './decision-builder.js';

/** Where a report stands towards the assignments of its job. */
export type ReportValidity =
  /** The reporter holds the task under this very epoch. */
  | { readonly kind: 'current'; readonly task: Task; readonly assignment: Assignment }
  /** It held the task once, and the task is still open: only a result that verifies may count. */
  | { readonly kind: 'late'; readonly task: Task; readonly assignment: Assignment }
  /** It held the task once, and the task is done. */
  | { readonly kind: 'done'; readonly task: Task; readonly assignment: Assignment }
  | { readonly kind: 'refused'; readonly verdict: Verdict };

const refused = (verdict: Verdict): ReportValidity => ({ kind: 'refused', verdict });

/**
 * Judges who reports: a report counts only for the task and epoch that were assigned to this prover.
 * Nothing about the result itself is judged here.
 */
export function fencingCheck(builder: DecisionBuilder, report: ReportHeader): ReportValidity {
  const { job } = builder;
  if (job.status.kind === 'COMPLETED') return refused(ALREADY_DONE);
  if (isTerminal(job.status)) return refused(stale(`the job is ${job.status.kind}`));
  if (job.excluded.includes(report.prover)) return refused(rejected('this prover is quarantined for this job'));
  const assignment = builder.assignment(report.epoch);
  if (!assignment || assignment.prover !== report.prover || !names(assignment, report)) {
    return refused(rejected(`epoch ${report.epoch} never assigned ${taskKey(report.task)} to this prover`));
  }
  return validityOf(builder, report, assignment);
}

function names(assignment: Assignment, report: ReportHeader): boolean {
  const key = taskKey(report.task);
  return assignment.tasks.some((ref) => taskKey(ref) === key);
}

function validityOf(builder: DecisionBuilder, report: ReportHeader, assignment: Assignment): ReportValidity {
  const task = builder.task(report.task);
  if (!task) return refused(stale(`attempt ${builder.run.attempt} has replaced the attempt of this task`));
  if (report.epoch < task.reopenedAt) return refused(stale('the task was opened again since'));
  switch (task.state.kind) {
    case 'DONE':
      return { kind: 'done', task, assignment };
    case 'READY':
      return { kind: 'late', task, assignment };
    case 'ASSIGNED':
      return { kind: isLive(assignment) && isHeldBy(task, assignment.epoch) ? 'current' : 'late', task, assignment };
    case 'CANCELLED':
    case 'QUARANTINED':
      return refused(stale(`the task is ${task.state.kind}`));
  }
}
