import type { Challenge, JobId, Leaf, Segment, Sha256 } from '../../src/domain/ids.js';
import { leavesOf } from '../../src/domain/job/assignment.js';
import type { ArtifactRef, JobState } from '../../src/domain/job/job-state.js';
import { taskKey, type TaskRef } from '../../src/domain/job/task.js';

/** What a commitment or proof is made from: the right thing, another input, or nothing sensible. */
export type Flavour = 'right' | 'other' | 'wrong';

/**
 * The mathematics of the simulation, in words instead of numbers: a leaf says what it commits to, a proof says what
 * it proves, so that anybody can tell whether it holds.
 */
export function leafOf(job: JobId, segment: Segment, flavour: Flavour): Leaf {
  return `leaf ${job} ${segment} ${flavour}` as Leaf;
}

export function challengeOf(leaves: readonly Leaf[]): Challenge {
  let hash = 0x811c9dc5;
  for (const char of leaves.join('|')) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return `gamma ${leaves.length} ${hash.toString(16)}` as Challenge;
}

/** A proof that the leaf's own input gives this segment; bound to the challenge. */
export function proofOf(job: JobId, task: TaskRef, challenge: Challenge | null, leaf: Leaf | null): ArtifactRef {
  return artifact(`proof ${job} ${taskKey(task)} ${challenge} ${leaf}`);
}

export function finalOf(job: JobId, challenge: Challenge | null): ArtifactRef {
  return artifact(`final ${job} ${challenge}`);
}

export function artifact(content: string): ArtifactRef {
  return { sha256: content as Sha256, size: content.length };
}

/** The challenge and final proof of a job that nothing disturbs: what every completed job must come to. */
export function rightFinal(job: JobId, segments: number): ArtifactRef {
  const leaves = Array.from({ length: segments + 1 }, (_, segment) => leafOf(job, segment as Segment, 'right'));
  return finalOf(job, challengeOf(leaves));
}

/** Whether a reported proof verifies against the job as it is. */
export function verifies(job: JobState, task: TaskRef, reported: ArtifactRef): boolean {
  const { run } = job;
  if (!run) return false;
  if (task.kind === 'aggregate') return fitsTogether(job) && reported.sha256 === finalOf(job.id, run.challenge).sha256;
  if (task.kind !== 'prove') return false;
  const slot = run.leaves[task.segment];
  if (!slot || slot.kind === 'missing' || slot.leaf === leafOf(job.id, task.segment, 'wrong')) return false;
  return reported.sha256 === proofOf(job.id, task, run.challenge, slot.leaf).sha256;
}

/** The terminals sum to zero: no segment was proven for another input. */
export function fitsTogether({ id, run }: JobState): boolean {
  if (!run) return false;
  return leavesOf(run).every((leaf, segment) => leaf === leafOf(id, segment as Segment, 'right'));
}
