import type { ProverId } from '../ids.js';
import { PersistentList } from '../persistent-list.js';
import type { JobHeader } from './changes.js';
import type { Task } from './task.js';
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

export function progressOf(job: JobState): JobProgress {
  const { run, status } = job;
  if (!run) return { contributions: NOTHING, proofs: NOTHING, aggregation: NOTHING };
  const isGivenUp = status.kind === 'CANCELLED' || status.kind === 'FAILED';
  return {
    contributions: count(run.contribute, isGivenUp),
    proofs: run.prove.length > 0 ? count(run.prove, isGivenUp) : { done: 0, total: run.contribute.length },
    aggregation: count(PersistentList.of(run.aggregate ? [run.aggregate] : []), isGivenUp),
  };
}

const NOTHING: PhaseProgress = { done: 0, total: 0 };

/** The tasks that a simulated job never meant to do do not count; those that the end of a job gave up do. */
function count(tasks: PersistentList<Task>, isGivenUp: boolean): PhaseProgress {
  return { done: tasks.count(isDone), total: tasks.length - (isGivenUp ? 0 : tasks.count(isCancelled)) };
}

const isDone = ({ state }: Task): boolean => state.kind === 'DONE';
const isCancelled = ({ state }: Task): boolean => state.kind === 'CANCELLED';
