import type { ProverId } from '../ids.js';
import type { JobFailure } from './failure.js';
import { isLive } from './assignment.js';
import type { ArtifactRef, JobStatus, Run } from './job-state.js';
import { isOpen, type Task } from './task.js';
import type { Turn } from './turn.js';

export function failJob(turn: Turn, failure: JobFailure): void {
  end(turn, { kind: 'FAILED', endedAtMs: turn.now.wallMs, failure }, failure.message);
  turn.record({ type: 'failed', failure });
}

export function cancelJob(turn: Turn, reason: string): void {
  end(turn, { kind: 'CANCELLED', endedAtMs: turn.now.wallMs, reason }, reason);
  turn.record({ type: 'cancelled', reason });
}

export function completeJob(turn: Turn, final: ArtifactRef | null): void {
  end(turn, { kind: 'COMPLETED', endedAtMs: turn.now.wallMs, final }, 'completed');
  turn.record({ type: 'completed', final });
}

/** The one way into a terminal status: no task stays open, no assignment stays live, every holder is told. */
function end(turn: Turn, status: JobStatus, reason: string): void {
  const provers = endLiveAssignments(turn);
  if (turn.job.run) {
    turn.patchRun(closedTasks(turn.run));
    turn.enter('OVER');
  }
  turn.moveTo(status);
  turn.emit({ kind: 'job_over', provers, reason });
}

function endLiveAssignments(turn: Turn): ProverId[] {
  const live = [...turn.job.assignments].filter(isLive);
  if (live.length > 0) {
    turn.updateAssignments((assignment) =>
      isLive(assignment) ? { ...assignment, state: { kind: 'ENDED', cause: 'job_over' } } : assignment,
    );
  }
  for (const { prover, epoch } of live) turn.emit({ kind: 'assignment_over', prover, epoch });
  return [...new Set(live.map((assignment) => assignment.prover))];
}

function closedTasks(run: Run): Pick<Run, 'contribute' | 'prove' | 'aggregate' | 'disputes' | 'ownProofs'> {
  return {
    contribute: run.contribute.transformed(closed),
    prove: run.prove.transformed(closed),
    aggregate: run.aggregate && closed(run.aggregate),
    disputes: [],
    ownProofs: [],
  };
}

function closed(task: Task): Task {
  return isOpen(task) ? { ...task, state: { kind: 'CANCELLED' } } : task;
}
