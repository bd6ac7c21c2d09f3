import type { Epoch, ProverId, Attempt, Segment } from '../ids.js';
import type { JobFailure } from './failure.js';
import type { AssignmentEnd, AssignmentGrade } from './assignment.js';
import type { ArtifactRef } from './job-state.js';
import type { TaskKind } from './task.js';

/** When a prover says it worked on a result: pairs of Unix milliseconds by its clock, for figures only. */
export type BusyTime = readonly (readonly [startMs: number, endMs: number])[];

/** What watchers are told. */
export type JobEventBody =
  | { readonly type: 'submitted' }
  | { readonly type: 'planning' }
  | { readonly type: 'planned'; readonly segments: number; readonly cycles: number; readonly exitCode: number }
  | {
      readonly type: 'assigned';
      readonly prover: ProverId;
      readonly epoch: Epoch;
      readonly phase: TaskKind;
      readonly tasks: number;
      readonly grade: AssignmentGrade;
    }
  | {
      readonly type: 'assignment_ended';
      readonly prover: ProverId;
      readonly epoch: Epoch;
      readonly cause: AssignmentEnd;
    }
  | {
      readonly type: 'contributed';
      readonly segment: Segment;
      readonly prover: ProverId;
      readonly epoch: Epoch;
      readonly busy: BusyTime;
    }
  | { readonly type: 'challenged'; readonly attempt: Attempt }
  | {
      readonly type: 'proven';
      readonly segment: Segment;
      readonly attempt: Attempt;
      readonly prover: ProverId;
      readonly epoch: Epoch;
      readonly late: boolean;
      readonly busy: BusyTime;
    }
  | {
      readonly type: 'task_failed';
      readonly task: string;
      readonly prover: ProverId;
      readonly epoch: Epoch;
      readonly reason: string;
    }
  /** The coordinator does the task itself. */
  | { readonly type: 'taken_over'; readonly task: string; readonly reason: string }
  | { readonly type: 'proven_here'; readonly segment: Segment; readonly attempt: Attempt }
  | { readonly type: 'disputed'; readonly segment: Segment; readonly prover: ProverId }
  | { readonly type: 'dispute_resolved'; readonly segment: Segment; readonly changed: boolean }
  | { readonly type: 'audit_started'; readonly attempt: Attempt }
  | { readonly type: 'attempt_started'; readonly attempt: Attempt }
  | { readonly type: 'prover_excluded'; readonly prover: ProverId; readonly reason: string }
  | { readonly type: 'determinism_alarm'; readonly segment: Segment; readonly prover: ProverId }
  | { readonly type: 'aggregating'; readonly attempt: Attempt }
  | { readonly type: 'aggregated'; readonly prover: ProverId; readonly epoch: Epoch; readonly busy: BusyTime }
  | { readonly type: 'aggregating_locally'; readonly reason: string }
  | { readonly type: 'completed'; readonly final: ArtifactRef | null }
  | { readonly type: 'failed'; readonly failure: JobFailure }
  | { readonly type: 'cancelled'; readonly reason: string };

/** `seq` counts a job's events from 1 without gaps, so that a watcher can resume; `atMs` is Unix milliseconds. */
export type JobEvent = JobEventBody & { readonly seq: number; readonly atMs: number };
