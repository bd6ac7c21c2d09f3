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
import type { Turn } from './turn.js';

/** Provers that have to say that they cannot do a task before the coordinator does it, where others could be asked. */
export const REFUSALS = 2;

/**
 * The coordinator does a task itself: its provers say that they cannot, or must not, and so it finds out whether it can
 * be done at all. Either way the task ends: by its result, or by the job's failure with the kernel's own reason.
 */
export function takeOver(turn: Turn, ref: TaskRef, reason: string): Outcome {
  const task = turn.task(ref);
  if (turn.job.status.kind !== 'RUNNING' || ref.kind !== openPhase(turn.run)) return ignored('the task is not due');
  if (!task || !isOpen(task) || isInOwnHands(turn.run, ref)) return ignored('the task is not to be assigned');
  turn.record({ type: 'taken_over', task: taskKey(ref), reason });
  switch (ref.kind) {
    case 'contribute':
      openDispute(turn, ref.segment, claimOf(turn.run.commitments.at(ref.segment)));
      return APPLIED;
    case 'prove':
      turn.patchRun({ ownProofs: [...turn.run.ownProofs, ref.segment] });
      turn.emit(coordinatorTask('prove', ref.segment));
      return APPLIED;
    case 'aggregate':
      return aggregateLocally(turn, reason);
  }
}

type OwnProof = Extract<JobCommand, { kind: 'own_proof' }>;

/** The coordinator has proven a segment itself, or found that the challenge is bound to a wrong commitment of it. */
export function ownProof(turn: Turn, { attempt, segment, artifact }: OwnProof): Outcome {
  const task = turn.run.prove.at(segment);
  const due = turn.run.attempt === attempt && turn.run.ownProofs.includes(segment);
  if (!due || turn.run.stage !== 'PROVING' || !task) return ignored('the proof is not needed');
  turn.patch({ ownFailures: 0 });
  turn.patchRun({ ownProofs: turn.run.ownProofs.filter((other) => other !== segment) });
  if (!isOpen(task)) return APPLIED;
  if (artifact === null) return doubt(turn, segment);
  completeTask(turn, task, { kind: 'DONE', by: 'coordinator', epoch: NO_EPOCH, late: false });
  turn.patchRun({ proofs: turn.run.proofs.with(segment, { artifact, prover: 'coordinator', epoch: NO_EPOCH }) });
  turn.record({ type: 'proven_here', segment, attempt });
  disprove(turn, task);
  advance(turn);
  return APPLIED;
}

function doubt(turn: Turn, segment: Segment): Outcome {
  const claims = claimOf(turn.run.commitments.at(segment));
  if (claims.length > 0) openDispute(turn, segment, claims);
  else {
    failJob(turn, {
      code: 'KERNEL_FAILED',
      message: `the kernel makes two different commitments of segment ${segment}`,
    });
  }
  return APPLIED;
}
