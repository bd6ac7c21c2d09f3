import type { Segment } from '../ids.js';
import { aggregateLocally } from './local-aggregation.js';
import type { JobCommand } from './command.js';
import { APPLIED, ignored, type Outcome } from './decision.js';
import { disprove } from './disproving.js';
import { openDispute } from './disputes.js';
import { failJob } from './ending.js';
import { completeTask, isInOwnHands, openPhase } from './assigning.js';
import { claimOf } from './job-state.js';
import { advance } from './progress.js';
import { coordinatorTask } from './coordinator-tasks.js';
import { isOpen, NO_EPOCH, taskKey, type TaskRef } from './task.js';
import type { DecisionBuilder } from './decision-builder.js';

/** Provers that have to say that they cannot do a task before the coordinator does it, where others could be asked. */
export const REFUSALS = 2;

/**
 * The coordinator does a task itself: its provers say that they cannot, or must not, and so it finds out whether it can
 * be done at all. Either way the task ends: by its result, or by the job's failure with the kernel's own reason.
 */
export function takeOver(builder: DecisionBuilder, ref: TaskRef, reason: string): Outcome {
  const task = builder.task(ref);
  if (builder.job.status.kind !== 'RUNNING' || ref.kind !== openPhase(builder.run)) {
    return ignored('the task is not due');
  }
  if (!task || !isOpen(task) || isInOwnHands(builder.run, ref)) return ignored('the task is not to be assigned');
  builder.record({ type: 'taken_over', task: taskKey(ref), reason });
  switch (ref.kind) {
    case 'contribute':
      openDispute(builder, ref.segment, claimOf(builder.run.commitments.at(ref.segment)));
      return APPLIED;
    case 'prove':
      builder.patchRun({ ownProofs: [...builder.run.ownProofs, ref.segment] });
      builder.emit(coordinatorTask('prove', ref.segment));
      return APPLIED;
    case 'aggregate':
      return aggregateLocally(builder, reason);
  }
}

type OwnProof = Extract<JobCommand, { kind: 'own_proof' }>;

/** The coordinator has proven a segment itself, or found that the challenge is bound to a wrong commitment of it. */
export function ownProof(builder: DecisionBuilder, { attempt, segment, artifact }: OwnProof): Outcome {
  const task = builder.run.prove.at(segment);
  const due = builder.run.attempt === attempt && builder.run.ownProofs.includes(segment);
  if (!due || builder.run.stage !== 'PROVING' || !task) return ignored('the proof is not needed');
  builder.patch({ ownFailures: 0 });
  builder.patchRun({ ownProofs: builder.run.ownProofs.filter((other) => other !== segment) });
  if (!isOpen(task)) return APPLIED;
  if (artifact === null) return doubt(builder, segment);
  completeTask(builder, task, { kind: 'DONE', by: 'coordinator', epoch: NO_EPOCH, late: false });
  builder.patchRun({ proofs: builder.run.proofs.with(segment, { artifact, prover: 'coordinator', epoch: NO_EPOCH }) });
  builder.record({ type: 'proven_here', segment, attempt });
  disprove(builder, task);
  advance(builder);
  return APPLIED;
}

function doubt(builder: DecisionBuilder, segment: Segment): Outcome {
  const claims = claimOf(builder.run.commitments.at(segment));
  if (claims.length > 0) openDispute(builder, segment, claims);
  else {
    failJob(builder, {
      code: 'KERNEL_FAILED',
      message: `the kernel makes two different commitments of segment ${segment}`,
    });
  }
  return APPLIED;
}
