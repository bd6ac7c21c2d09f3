import type { Challenge, Attempt, Segment } from '../ids.js';
import type { JobCommand } from './command.js';
import { APPLIED, ignored, type Outcome } from './decision.js';
import { completeJob, failJob } from './ending.js';
import { isLive } from './assignment.js';
import { releaseAssignment } from './assigning.js';
import { PersistentList } from '../persistent-list.js';
import { claimOf, type CommitmentSlot, type Proof } from './job-state.js';
import { coordinatorTask } from './coordinator-tasks.js';
import { isClosed, newTask, type Task, type TaskRef } from './task.js';
import type { Turn } from './turn.js';

function allSettled(tasks: PersistentList<Task>): boolean {
  return tasks.count(isClosed) === tasks.length;
}

/** Moves a running job to its next stage when nothing of the present one is left to do. */
export function advance(turn: Turn): void {
  if (turn.job.status.kind !== 'RUNNING' || turn.run.disputes.length > 0) return;
  const { run } = turn;
  if (run.stage === 'CONTRIBUTING' && allSettled(run.contribute)) return startChallenge(turn);
  if (run.stage === 'PROVING' && run.commitmentChanged) return nextAttempt(turn);
  if (run.stage === 'PROVING' && allSettled(run.prove)) return endProving(turn);
  if (run.stage === 'AUDITING' && allSettled(run.contribute)) return endAudit(turn);
}

function startChallenge(turn: Turn): void {
  turn.enter('CHALLENGING');
  turn.emit(coordinatorTask('challenge'));
}

type Derived = Extract<JobCommand, { kind: 'challenge_derived' }>;

/** The challenge stands for this attempt; every segment can now be proven under it. */
export function startProving(turn: Turn, { attempt, challenge }: Derived): Outcome {
  if (turn.run.stage !== 'CHALLENGING' || turn.run.attempt !== attempt) return ignored('no challenge is due');
  const refs = turn.run.commitments.map((_, segment): TaskRef => ({
    kind: 'prove',
    attempt,
    segment: segment as Segment,
  }));
  const shared = refs.map((ref, segment) =>
    turn.run.contribute.at(segment)?.state.kind === 'CANCELLED'
      ? ({ ...newTask(ref), state: { kind: 'CANCELLED' } } as const)
      : newTask(ref),
  );
  turn.patch({ ownFailures: 0 });
  turn.patchRun({
    challenge,
    commitmentChanged: false,
    prove: PersistentList.of(shared),
    proofs: PersistentList.of<Proof | null>(refs.map(() => null)),
  });
  turn.enter('PROVING');
  turn.record({ type: 'challenged', attempt });
  return APPLIED;
}

function endProving(turn: Turn): void {
  if (turn.job.request.simulatedNode !== null) return completeJob(turn, null);
  const { attempt } = turn.run;
  if (!turn.run.aggregate) turn.patchRun({ aggregate: newTask({ kind: 'aggregate', attempt }) });
  turn.enter('AGGREGATING');
  turn.record({ type: 'aggregating', attempt });
}

/**
 * Every proof verifies and yet they do not fit together: somebody proved a segment of another input. Each claimed commitment
 * is made again by a prover other than its author; only mismatches count.
 */
export function startAudit(turn: Turn): void {
  turn.enter('AUDITING');
  turn.record({ type: 'audit_started', attempt: turn.run.attempt });
  reopenContributions(
    turn,
    segmentsWhere(turn, (slot) => slot.kind === 'claimed'),
  );
  advance(turn);
}

/** An audit without a mismatch means provers agreed on a wrong commitment: the coordinator recomputes all that are left. */
function endAudit(turn: Turn): void {
  if (turn.run.commitmentChanged) return nextAttempt(turn);
  const claimed = segmentsWhere(turn, (slot) => slot.kind === 'claimed');
  if (claimed.length === 0) {
    const message = 'every commitment was recomputed and every proof verifies, but the proofs do not fit together';
    return failJob(turn, { code: 'UNBALANCED', message });
  }
  const disputes = claimed.map((segment) => ({ segment, claims: claimOf(turn.run.commitments.at(segment)) }));
  turn.patchRun({ disputes });
  for (const segment of claimed) turn.emit(coordinatorTask('recompute', segment));
}

/** A commitment was wrong, so the challenge was: everything under it is void and the contributions still missing are made. */
function nextAttempt(turn: Turn): void {
  const attempt = (turn.run.attempt + 1) as Attempt;
  const { maxAttempts } = turn.job.rules;
  if (attempt > maxAttempts) {
    return failJob(turn, { code: 'FAULTY_PROVERS', message: `wrong commitments in each of ${maxAttempts} attempts` });
  }
  for (const assignment of turn.job.assignments) {
    if (isLive(assignment)) releaseAssignment(turn, assignment, 'attempt_over');
  }
  const challenge: Challenge | null = null;
  turn.patchRun({
    attempt,
    challenge,
    commitmentChanged: false,
    prove: PersistentList.of<Task>([]),
    proofs: PersistentList.of<Proof | null>([]),
    aggregate: null,
    suspectedFaulty: null,
    ownProofs: [],
  });
  turn.enter('CONTRIBUTING');
  turn.record({ type: 'attempt_started', attempt });
  discardCommitments(turn);
  advance(turn);
}

/** Before a challenge is derived, commitments of provers quarantined meanwhile are not taken on trust: others make them. */
export function discardCommitments(turn: Turn): void {
  const { excluded } = turn.job;
  const doubtful = segmentsWhere(turn, (slot) => slot.kind === 'claimed' && excluded.includes(slot.author));
  if (doubtful.length === 0) return;
  turn.patchRun({ commitments: turn.run.commitments.updated(doubtful, () => ({ kind: 'missing' })) });
  reopenContributions(turn, doubtful);
}

/** Asks for commitments again; reports of earlier assignments no longer count, and an author does not check itself. */
function reopenContributions(turn: Turn, segments: readonly Segment[]): void {
  const reopenedAt = turn.nextEpoch;
  const refs = segments.map((segment): TaskRef => ({ kind: 'contribute', segment }));
  const { commitments } = turn.run;
  turn.updateTasks(refs, (task) => {
    const slot = task.ref.kind === 'contribute' ? commitments.at(task.ref.segment) : undefined;
    const barred = slot?.kind === 'claimed' ? [slot.author] : [];
    return { ...task, state: { kind: 'READY' }, reopenedAt, barred };
  });
}

function segmentsWhere(turn: Turn, test: (slot: CommitmentSlot) => boolean): Segment[] {
  return [...turn.run.commitments].flatMap((slot, segment) => (test(slot) ? [segment as Segment] : []));
}
