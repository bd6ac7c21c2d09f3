import { corruptState } from './errors.js';
import { ASSIGNMENT_TRANSITIONS } from './job/assignment.js';
import { JOB_TRANSITIONS, STAGE_TRANSITIONS } from './job/job-state.js';
import { TASK_TRANSITIONS } from './job/task.js';
import { SESSION_TRANSITIONS } from './session/session.js';
import { tableProblems } from './transition-table.js';

/** Checks every transition table as a graph. @throws DomainError CORRUPT_STATE listing what is wrong. */
export function checkTransitionTables(): void {
  const problems = [
    ...tableProblems('job', 'QUEUED', JOB_TRANSITIONS),
    ...tableProblems('stage', 'CONTRIBUTING', STAGE_TRANSITIONS),
    ...tableProblems('task', 'READY', TASK_TRANSITIONS),
    ...tableProblems('assignment', 'LIVE', ASSIGNMENT_TRANSITIONS),
    ...tableProblems('session', 'CONNECTING', SESSION_TRANSITIONS),
  ];
  if (problems.length > 0) throw corruptState(problems.join('; '));
}
