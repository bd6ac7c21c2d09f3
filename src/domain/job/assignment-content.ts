import { corruptState } from '../errors.js';
import type { Epoch, Commitment } from '../ids.js';
import type { AssignmentContent } from './effect.js';
import type { Assignment } from './assignment.js';
import type { ArtifactRef, JobState, Run } from './job-state.js';
import { isHeldBy, type Task, type TaskRef } from './task.js';

/**
 * The message that carries the assignment of `epoch`, with the tasks it still holds; also used to send it again.
 *
 * @throws DomainError CORRUPT_STATE when the job has no such assignment.
 */
export function assignmentContent(job: JobState, epoch: Epoch): AssignmentContent {
  const assignment = job.assignments.at(epoch - 1);
  const { run } = job;
  if (!assignment || !run) throw corruptState(`job ${job.id} has no assignment ${epoch}`);
  const { prover, phase, grade, leaseMs } = assignment;
  const { program, input, segmentCycles, labels, limits } = job.request;
  return {
    job: job.id,
    epoch,
    prover,
    phase,
    grade,
    leaseMs,
    tasks: openTasks(run, assignment),
    program,
    input,
    segmentCycles,
    labels,
    limits,
    statement: run.plan,
    allocation: run.allocation,
    attempt: run.attempt,
    challenge: run.challenge,
    commitments: phase === 'contribute' ? [] : commitmentsOf(run),
    commitmentList: phase === 'contribute' ? null : run.commitmentList,
    proofs: phase === 'aggregate' ? proofsOf(run) : [],
  };
}

function openTasks(run: Run, assignment: Assignment): TaskRef[] {
  return assignment.tasks.filter((ref) => {
    const task = taskOf(run, ref);
    return task !== undefined && isHeldBy(task, assignment.epoch);
  });
}

/** The task that a reference names, while its attempt is the current one. */
export function taskOf(run: Run, ref: TaskRef): Task | undefined {
  if (ref.kind === 'contribute') return run.contribute.at(ref.segment);
  if (ref.attempt !== run.attempt) return undefined;
  return ref.kind === 'prove' ? run.prove.at(ref.segment) : (run.aggregate ?? undefined);
}

/** One list for every assignment of an attempt: with thousands of segments, making it anew each time would be most of the work. */
const commitmentLists = new WeakMap<Run['commitments'], readonly Commitment[]>();

/** Stands for the commitment of a segment that a simulated job leaves out: the challenge depends on its partition only. */
export const NO_COMMITMENT = '0'.repeat(64) as Commitment;

/** The commitments the challenge is derived from, in segment order, the boundary first. */
export function commitmentsOf({ commitments }: Run): readonly Commitment[] {
  const known = commitmentLists.get(commitments);
  if (known) return known;
  const list = commitments.map((slot) => (slot.kind === 'missing' ? NO_COMMITMENT : slot.commitment));
  commitmentLists.set(commitments, list);
  return list;
}

/** All verified segment proofs of the attempt, in segment order, the boundary first. */
export function proofsOf(run: Run): ArtifactRef[] {
  return [...run.proofs].flatMap((proof) => (proof ? [proof.artifact] : []));
}
