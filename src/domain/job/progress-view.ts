import type { ProverId } from '../ids.js';
import { PersistentList } from '../persistent-list.js';
import type { JobHeader } from './changes.js';
import type { Task, TaskKind } from './task.js';
import type { JobState, Stage } from './job-state.js';

/** What the stream API calls a phase; empty while a job is not running. */
export type VisiblePhase = 'Contributions' | 'Prove' | 'Aggregate' | '';

const PHASE_OF_STAGE: Readonly<Record<Stage, VisiblePhase>> = {
  CONTRIBUTING: 'Contributions',
  CHALLENGING: 'Contributions',
  AUDITING: 'Contributions',
  PROVING: 'Prove',
  AGGREGATING: 'Aggregate',
  AGGREGATING_LOCALLY: 'Aggregate',
  OVER: '',
};

export function visiblePhase(job: JobHeader | JobState): VisiblePhase {
  return job.status.kind === 'RUNNING' && job.run ? PHASE_OF_STAGE[job.run.stage] : '';
}

/** Provers that have a partition of the job, each once, in the order of their units. */
export function assignedProvers(job: JobHeader | JobState): ProverId[] {
  const allocated = job.run?.allocation ?? [];
  return [...new Set(allocated.filter((prover) => prover !== null))];
}

/** Finished and all tasks of each phase of the current attempt; the boundary counts as a segment. */
export interface JobProgress {
  readonly contributions: PhaseProgress;
  readonly proofs: PhaseProgress;
  readonly aggregation: PhaseProgress;
}

export interface PhaseProgress {
  readonly done: number;
  readonly total: number;
}

/** How many tasks of one kind a job has in its current attempt, and how many of them have ended in which way. */
export interface TaskCount {
  readonly total: number;
  readonly done: number;
  readonly cancelled: number;
}

export type TaskCounts = Readonly<Record<TaskKind, TaskCount>>;

export function progressOf(job: JobState): JobProgress {
  const { run } = job;
  const aggregate = PersistentList.of(run?.aggregate ? [run.aggregate] : []);
  return progressFrom(job, {
    contribute: count(run?.contribute ?? NO_TASKS),
    prove: count(run?.prove ?? NO_TASKS),
    aggregate: count(aggregate),
  });
}

/** The same of a job whose tasks were only counted. The tasks of the current attempt are there from its challenge on. */
export function progressFrom({ run, status }: JobHeader | JobState, counts: TaskCounts): JobProgress {
  if (!run) return { contributions: NOTHING, proofs: NOTHING, aggregation: NOTHING };
  const isGivenUp = status.kind === 'CANCELLED' || status.kind === 'FAILED';
  const { contribute, prove, aggregate } = counts;
  return {
    contributions: progress(contribute, isGivenUp),
    proofs: prove.total > 0 ? progress(prove, isGivenUp) : { done: 0, total: contribute.total },
    aggregation: progress(aggregate, isGivenUp),
  };
}

const NO_TASKS = PersistentList.of<Task>([]);
const NOTHING: PhaseProgress = { done: 0, total: 0 };

/** The tasks that a simulated job never meant to do do not count; those that the end of a job gave up do. */
function progress({ total, done, cancelled }: TaskCount, isGivenUp: boolean): PhaseProgress {
  return { done, total: total - (isGivenUp ? 0 : cancelled) };
}

function count(tasks: PersistentList<Task>): TaskCount {
  return { total: tasks.length, done: tasks.count(isDone), cancelled: tasks.count(isCancelled) };
}

const isDone = ({ state }: Task): boolean => state.kind === 'DONE';
const isCancelled = ({ state }: Task): boolean => state.kind === 'CANCELLED';
