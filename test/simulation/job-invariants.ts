import type { Epoch } from '../../src/domain/ids.js';
import { isLive } from '../../src/domain/job/assignment.js';
import { isTerminal, type JobState, type Run } from '../../src/domain/job/job-state.js';
import { isHeldBy, isOpen, taskKey, type Task } from '../../src/domain/job/task.js';

/** What must hold of every job at every moment, whatever happened to it. Returns what does not, in words. */
export function brokenRules(job: JobState): string[] {
  const { run } = job;
  const tasks = run ? [...run.contribute, ...run.prove, ...(run.aggregate ? [run.aggregate] : [])] : [];
  return [
    ...tasks.flatMap((task) => brokenTask(job, task)),
    ...brokenAssignments(job, tasks),
    ...(isTerminal(job.status) ? brokenEnd(job, tasks) : []),
    ...(run && job.status.kind === 'RUNNING' ? brokenRun(run) : []),
  ];
}

/** A task has at most one primary and one speculative assignment; both are live, name it, and belong to two provers. */
function brokenTask(job: JobState, task: Task): string[] {
  const { state } = task;
  if (state.kind !== 'ASSIGNED') return [];
  const epochs = state.speculative === null ? [state.primary] : [state.primary, state.speculative];
  const assignments = epochs.map((epoch) => job.assignments.at(epoch - 1));
  const problems = assignments.flatMap((assignment, index) => {
    const where = `${taskKey(task.ref)} is held under epoch ${epochs[index]}`;
    if (!assignment || !isLive(assignment)) return [`${where}, which is not live`];
    const named = assignment.tasks.some((ref) => taskKey(ref) === taskKey(task.ref));
    return named ? [] : [`${where}, which does not name it`];
  });
  const provers = new Set(assignments.map((assignment) => assignment?.prover));
  return provers.size === epochs.length
    ? problems
    : [...problems, `${taskKey(task.ref)} is assigned twice to one prover`];
}

function brokenAssignments(job: JobState, tasks: readonly Task[]): string[] {
  return [...job.assignments].flatMap((assignment, index) => {
    if (assignment.epoch !== ((index + 1) as Epoch)) return [`assignment ${index + 1} has epoch ${assignment.epoch}`];
    if (!isLive(assignment)) return [];
    const isHeld = tasks.some((task) => isHeldBy(task, assignment.epoch));
    const problems = isHeld ? [] : [`assignment ${assignment.epoch} is live and holds nothing`];
    return job.excluded.includes(assignment.prover)
      ? [...problems, `${assignment.prover} is quarantined and holds an assignment`]
      : problems;
  });
}

function brokenEnd(job: JobState, tasks: readonly Task[]): string[] {
  const open = tasks.filter(isOpen).map((task) => `${taskKey(task.ref)} is open after the end`);
  const live = [...job.assignments]
    .filter(isLive)
    .map((assignment) => `assignment ${assignment.epoch} is live after the end`);
  const { status, run } = job;
  if (status.kind !== 'COMPLETED') return [...open, ...live];
  const unproven = [...(run?.prove ?? [])].filter((task) => !['DONE', 'CANCELLED'].includes(task.state.kind));
  return [...open, ...live, ...unproven.map((task) => `completed without ${taskKey(task.ref)}`)];
}

/** No task is lost: a stage is over exactly when nothing of it is open, and what is done has its result. */
function brokenRun(run: Run): string[] {
  const problems: string[] = [];
  const done = (task: Task) => task.state.kind === 'DONE';
  for (const [segment, task] of [...run.contribute].entries()) {
    if (done(task) && run.commitments.at(segment)?.kind === 'missing') {
      problems.push(`commitment ${segment} is done and missing`);
    }
  }
  for (const [segment, task] of [...run.prove].entries()) {
    if (done(task) !== (run.proofs.at(segment) !== null)) problems.push(`proof ${segment} does not match its task`);
  }
  if (run.disputes.length === 0 && nothingOpen(run)) problems.push(`stuck in ${run.stage}`);
  if (run.stage === 'AGGREGATING' && (!run.aggregate || !isOpen(run.aggregate))) problems.push('stuck aggregating');
  if ((run.challenge === null) !== (run.prove.length === 0)) {
    problems.push('challenge and proofs of different attempts');
  }
  return problems;
}

function nothingOpen(run: Run): boolean {
  if (run.stage === 'CONTRIBUTING' || run.stage === 'AUDITING') return ![...run.contribute].some(isOpen);
  return run.stage === 'PROVING' && ![...run.prove].some(isOpen);
}
