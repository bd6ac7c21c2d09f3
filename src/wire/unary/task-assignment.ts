import type { JobId } from '../../domain/ids.js';
import type { AssignmentContent } from '../../domain/job/effect.js';
import { taskKey, type TaskKind, type TaskRef } from '../../domain/job/task.js';
import type { AssignmentId } from '../../domain/session/lease-table.js';
import {
  TaskKind as WireKind,
  type ChallengeContext,
  type TaskAssignment,
  type TaskCancellation,
} from '../generated/coordinator/coordinator.js';
import { toArtifactReference, toCommitments, toLimits, toTask } from '../stream/assignment.js';

const KINDS: Readonly<Record<TaskKind, WireKind>> = {
  contribute: WireKind.TASK_KIND_PARTIAL_CONTRIBUTION,
  prove: WireKind.TASK_KIND_PROVE,
  aggregate: WireKind.TASK_KIND_AGGREGATE,
};

/** The name of an assignment on this interface. */
export function assignmentId({ job, epoch }: AssignmentId): string {
  return `${job}/${epoch}`;
}

/**
 * The message that carries an assignment to a worker.
 * @param fetches whether it takes the list of commitments as an artifact
 */
export function toTaskAssignment(assignment: AssignmentContent, fetches: boolean): TaskAssignment {
  const { job, epoch, phase, tasks, program, input, proofs, leaseMs, segmentCycles, limits } = assignment;
  return {
    assignmentId: assignmentId(assignment),
    epoch: BigInt(epoch),
    jobId: job,
    type: KINDS[phase],
    // A worker learns the sizes of program and input with the bytes.
    program: { sha256: program, size: 0n },
    input: { sha256: input, size: 0n },
    segments: tasks.map(toTask),
    challenge: toContext(assignment, fetches),
    proofs: proofs.map((proof, segment) => ({ segment, proof: toArtifactReference(proof) })),
    leaseMs,
    segmentCycles,
    limits: toLimits(limits),
  };
}

/** Of a contribution: what the coordinator's own run found, with neither commitments nor challenge. */
function toContext(assignment: AssignmentContent, fetches: boolean): ChallengeContext {
  const { attempt, challenge, statement } = assignment;
  const { programDigest, vkDigest, exitCode, cycles, segments, output } = statement;
  return {
    round: attempt,
    challenge: Buffer.from(challenge ?? '', 'hex'),
    ...toCommitments(assignment, fetches),
    programDigest,
    vkDigest,
    exitCode,
    cycles: BigInt(cycles),
    segments,
    output: Buffer.from(output, 'hex'),
  };
}

/** @param tasks what to stop working on; empty: the whole assignment */
export function toCancellation(assignment: AssignmentId, tasks: readonly TaskRef[], reason: string): TaskCancellation {
  const { job: jobId, epoch } = assignment;
  return { jobId, assignmentId: assignmentId(assignment), epoch: BigInt(epoch), reason, taskIds: tasks.map(taskKey) };
}

/** Everything of a job is over. */
export function toJobCancellation(jobId: JobId, reason: string): TaskCancellation {
  return { jobId, assignmentId: '', epoch: 0n, reason, taskIds: [] };
}
