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
import type { DecisionBuilder } from './decision-builder.js';

function allSettled(tasks: PersistentList<Task>): boolean {
  return tasks.count(isClosed) === tasks.length;
}

/** Moves a running job to its next stage when nothing of the present one is left to do. */
export function advance(builder: DecisionBuilder): void {
  if (builder.job.status.kind !== 'RUNNING' || builder.run.disputes.length > 0) return;
  const { run } = builder;
  if (run.stage === 'CONTRIBUTING' && allSettled(run.contribute)) return startChallenge(builder);
  if (run.stage === 'PROVING' && run.commitmentChanged) return nextAttempt(builder);
  if (run.stage === 'PROVING' && allSettled(run.prove)) return endProving(builder);
  if (run.stage === 'AUDITING' && allSettled(run.contribute)) return endAudit(builder);
}

function startChallenge(builder: DecisionBuilder): void {
  builder.enter('CHALLENGING');
  builder.emit(coordinatorTask('challenge'));
}

type Derived = Extract<JobCommand, { kind: 'challenge_derived' }>;

/** The challenge stands for this attempt; every segment can now be proven under it. */
export function startProving(builder: DecisionBuilder, { attempt, challenge, commitmentList }: Derived): Outcome {
  if (builder.run.stage !== 'CHALLENGING' || builder.run.attempt !== attempt) return ignored('no challenge is due');
  const refs = builder.run.commitments.map((_, segment): TaskRef => ({
    kind: 'prove',
    attempt,
    segment: segment as Segment,
  }));
  const shared = refs.map((ref, segment) =>
    builder.run.contribute.at(segment)?.state.kind === 'CANCELLED'
      ? ({ ...newTask(ref), state: { kind: 'CANCELLED' } } as const)
      : newTask(ref),
  );
  builder.patch({ ownFailures: 0 });
  builder.patchRun({
    challenge,
    commitmentList,
    commitmentChanged: false,
    prove: PersistentList.of(shared),
    proofs: PersistentList.of<Proof | null>(refs.map(() => null)),
  });
  builder.enter('PROVING');
  builder.record({ type: 'challenged', attempt });
  return APPLIED;
}

function endProving(builder: DecisionBuilder): void {
  if (builder.job.request.simulatedNode !== null) return completeJob(builder, null);
  const { attempt } = builder.run;
  if (!builder.run.aggregate) builder.patchRun({ aggregate: newTask({ kind: 'aggregate', attempt }) });
  builder.enter('AGGREGATING');
  builder.record({ type: 'aggregating', attempt });
}

/**
 * Every proof verifies and yet they do not fit together: somebody proved a segment of another input. Each claimed commitment
 * is made again by a prover other than its author; only mismatches count.
 */
export function startAudit(builder: DecisionBuilder): void {
  builder.enter('AUDITING');
  builder.record({ type: 'audit_started', attempt: builder.run.attempt });
  reopenContributions(
    builder,
    segmentsWhere(builder, (slot) => slot.kind === 'claimed'),
  );
  advance(builder);
}

/** An audit without a mismatch means provers agreed on a wrong commitment: the coordinator recomputes all that are left. */
function endAudit(builder: DecisionBuilder): void {
  if (builder.run.commitmentChanged) return nextAttempt(builder);
  const claimed = segmentsWhere(builder, (slot) => slot.kind === 'claimed');
  if (claimed.length === 0) {
    const message = 'every commitment was recomputed and every proof verifies, but the proofs do not fit together';
    return failJob(builder, { code: 'UNBALANCED', message });
  }
  const disputes = claimed.map((segment) => ({ segment, claims: claimOf(builder.run.commitments.at(segment)) }));
  builder.patchRun({ disputes });
  for (const segment of claimed) builder.emit(coordinatorTask('recompute', segment));
}

/** A commitment was wrong, so the challenge was: everything under it is void and the contributions still missing are made. */
function nextAttempt(builder: DecisionBuilder): void {
  const attempt = (builder.run.attempt + 1) as Attempt;
  const { maxAttempts } = builder.job.rules;
  if (attempt > maxAttempts) {
    return failJob(builder, {
      code: 'FAULTY_PROVERS',
      message: `wrong commitments in each of ${maxAttempts} attempts`,
    });
  }
  for (const assignment of builder.job.assignments) {
    if (isLive(assignment)) releaseAssignment(builder, assignment, 'attempt_over');
  }
  const challenge: Challenge | null = null;
  builder.patchRun({
    attempt,
    challenge,
    commitmentList: null,
    commitmentChanged: false,
    prove: PersistentList.of<Task>([]),
    proofs: PersistentList.of<Proof | null>([]),
    aggregate: null,
    suspectedFaulty: null,
    ownProofs: [],
  });
  builder.enter('CONTRIBUTING');
  builder.record({ type: 'attempt_started', attempt });
  discardCommitments(builder);
  advance(builder);
}

/** Before a challenge is derived, commitments of provers quarantined meanwhile are not taken on trust: others make them. */
export function discardCommitments(builder: DecisionBuilder): void {
  const { excluded } = builder.job;
  const doubtful = segmentsWhere(builder, (slot) => slot.kind === 'claimed' && excluded.includes(slot.author));
  if (doubtful.length === 0) return;
  builder.patchRun({ commitments: builder.run.commitments.updated(doubtful, () => ({ kind: 'missing' })) });
  reopenContributions(builder, doubtful);
}

/** Asks for commitments again; reports of earlier assignments no longer count, and an author does not check itself. */
function reopenContributions(builder: DecisionBuilder, segments: readonly Segment[]): void {
  const reopenedAt = builder.nextEpoch;
  const refs = segments.map((segment): TaskRef => ({ kind: 'contribute', segment }));
  const { commitments } = builder.run;
  builder.updateTasks(refs, (task) => {
    const slot = task.ref.kind === 'contribute' ? commitments.at(task.ref.segment) : undefined;
    const barred = slot?.kind === 'claimed' ? [slot.author] : [];
    return { ...task, state: { kind: 'READY' }, reopenedAt, barred };
  });
}

function segmentsWhere(builder: DecisionBuilder, test: (slot: CommitmentSlot) => boolean): Segment[] {
  return [...builder.run.commitments].flatMap((slot, segment) => (test(slot) ? [segment as Segment] : []));
}
