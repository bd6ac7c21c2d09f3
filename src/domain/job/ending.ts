import type { ProverId } from '../ids.js';
import type { JobFailure } from './failure.js';
import { isLive } from './assignment.js';
import type { ArtifactRef, JobStatus, Run } from './job-state.js';
import { isOpen, type Task } from './task.js';
import type { DecisionBuilder } from './decision-builder.js';

export function failJob(builder: DecisionBuilder, failure: JobFailure): void {
  end(builder, { kind: 'FAILED', endedAtMs: builder.now.wallMs, failure }, failure.message);
  builder.record({ type: 'failed', failure });
}

export function cancelJob(builder: DecisionBuilder, reason: string): void {
  end(builder, { kind: 'CANCELLED', endedAtMs: builder.now.wallMs, reason }, reason);
  builder.record({ type: 'cancelled', reason });
}

export function completeJob(builder: DecisionBuilder, final: ArtifactRef | null): void {
  end(builder, { kind: 'COMPLETED', endedAtMs: builder.now.wallMs, final }, 'completed');
  builder.record({ type: 'completed', final });
}

/** The one way into a terminal status: no task stays open, no assignment stays live, every holder is told. */
function end(builder: DecisionBuilder, status: JobStatus, reason: string): void {
  const provers = endLiveAssignments(builder);
  if (builder.job.run) {
    builder.patchRun(closedTasks(builder.run));
    builder.enter('OVER');
  }
  builder.moveTo(status);
  builder.emit({ kind: 'job_over', provers, reason });
}

function endLiveAssignments(builder: DecisionBuilder): ProverId[] {
  const live = [...builder.job.assignments].filter(isLive);
  if (live.length > 0) {
    builder.updateAssignments((assignment) =>
      isLive(assignment) ? { ...assignment, state: { kind: 'ENDED', cause: 'job_over' } } : assignment,
    );
  }
  for (const { prover, epoch } of live) builder.emit({ kind: 'assignment_over', prover, epoch });
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
