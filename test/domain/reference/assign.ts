import type { AssignmentTimes, Move, ProverView } from '../../../src/domain/assignment/assignment-input.js';
import { isOverdue, lateAssignments } from '../../../src/domain/assignment/lateness.js';
import type { AssignmentOptions } from '../../../src/domain/assignment/options.js';
import type { Epoch, JobId, ProverId } from '../../../src/domain/ids.js';
import { isLive } from '../../../src/domain/job/assignment.js';
import { openPhase } from '../../../src/domain/job/assigning.js';
import type { JobState } from '../../../src/domain/job/job-state.js';
import { allocate } from './allocate.js';
import { assignTasks } from './assign-tasks.js';
import { canAggregate, isOpenTo } from './rules.js';
import { SchedulingView, type JobView } from './scheduling-view.js';

/** Everything the policy looks at; nothing else influences it. */
export interface ReferenceInput {
  readonly jobs: readonly JobState[];
  /** In order of arrival. */
  readonly provers: readonly ProverView[];
  readonly present: ReadonlySet<ProverId>;
  readonly late: ReadonlyMap<JobId, readonly Epoch[]>;
  readonly options: AssignmentOptions;
}

/** Who was served when: what the policy remembers besides. */
export class ServiceHistory {
  turns = 0;
  readonly turnsOf = new Map<ProverId, number>();
  readonly lastServed = new Map<JobId, number>();
}

/**
 * What the policy is, as plainly as it can be said: everything is computed from nothing each time. The product's keeps
 * what it knows, and must give the same moves.
 */
export function assign(input: ReferenceInput, history: ServiceHistory): Move[] {
  const view = new SchedulingView(input, history);
  const own = view.jobs.flatMap((job) => leaveToCoordinator(view, job));
  return [...own, ...allocate(view), ...assignTasks(view)];
}

/** What no connected prover can do falls to the coordinator. */
function leaveToCoordinator(view: SchedulingView, job: JobView): Move[] {
  const available = view.able(job);
  const able = available.length > 0 ? available : view.ableOrResting(job);
  if (able.length === 0) return [];
  if (job.phase === 'aggregate' && job.ready.length > 0 && !able.some((prover) => canAggregate(job, prover))) {
    return [{ job: job.job.id, command: { kind: 'aggregate_locally' } }];
  }
  return job.ready
    .filter((task) => !able.some((prover) => isOpenTo(task, prover)))
    .map(({ ref }) => ({ job: job.job.id, command: { kind: 'take_over', task: ref } }));
}

export function lateOf(jobs: readonly JobState[], times: AssignmentTimes, options: AssignmentOptions) {
  return new Map(
    jobs.flatMap(({ id, run, assignments }) => {
      const late = run ? lateAssignments(id, openPhase(run), [...assignments].filter(isLive), times, options) : [];
      return [[id, late.map(({ epoch }) => epoch)] as const];
    }),
  );
}

/** A prover that gives no result for very long, while another that may do its work has nothing to do, is quarantined. */
export function endOverdue(input: ReferenceInput, times: AssignmentTimes): Move[] {
  const view = new SchedulingView(input, new ServiceHistory());
  return view.jobs.flatMap((job) =>
    [...job.job.assignments]
      .filter((assignment) => isLive(assignment) && isOverdue(job.job.id, assignment, times, input.options))
      .filter((assignment) => view.able(job).some((other) => other.prover !== assignment.prover && view.isIdle(other)))
      .map((assignment) => ({
        job: job.job.id,
        command: { kind: 'end_assignment', epoch: assignment.epoch, cause: 'overdue', countsAsLoss: false },
      })),
  );
}
