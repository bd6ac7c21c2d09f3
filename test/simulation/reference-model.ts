import type { Challenge, JobId, Commitment, Segment, Sha256 } from '../../src/domain/ids.js';
import { commitmentsOf } from '../../src/domain/job/assignment-content.js';
import type { ArtifactRef, JobState } from '../../src/domain/job/job-state.js';
import { taskKey, type TaskRef } from '../../src/domain/job/task.js';

/** What a commitment or proof is made from: the right thing, another input, or nothing sensible. */
export type Flavour = 'right' | 'other' | 'wrong';

/**
 * The mathematics of the simulation, in words instead of numbers: a commitment says what it commits to, a proof says what
 * it proves, so that anybody can tell whether it holds.
 */
export function commitmentOf(job: JobId, segment: Segment, flavour: Flavour): Commitment {
  return `commitment ${job} ${segment} ${flavour}` as Commitment;
}

export function challengeOf(commitments: readonly Commitment[]): Challenge {
  let hash = 0x811c9dc5;
  for (const char of commitments.join('|')) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return `challenge ${commitments.length} ${hash.toString(16)}` as Challenge;
}

/** A proof that the commitment's own input gives this segment; bound to the challenge. */
export function proofOf(
  job: JobId,
  task: TaskRef,
  challenge: Challenge | null,
  commitment: Commitment | null,
): ArtifactRef {
  return artifact(`proof ${job} ${taskKey(task)} ${challenge} ${commitment}`);
}

export function finalOf(job: JobId, challenge: Challenge | null): ArtifactRef {
  return artifact(`final ${job} ${challenge}`);
}

export function artifact(content: string): ArtifactRef {
  return { sha256: content as Sha256, size: content.length };
}

/** The challenge and final proof of a job that nothing disturbs: what every completed job must come to. */
export function rightFinal(job: JobId, segments: number): ArtifactRef {
  const commitments = Array.from({ length: segments + 1 }, (_, segment) =>
    commitmentOf(job, segment as Segment, 'right'),
  );
  return finalOf(job, challengeOf(commitments));
}

/** Whether a reported proof verifies against the job as it is. */
export function verifies(job: JobState, task: TaskRef, reported: ArtifactRef): boolean {
  const { run } = job;
  if (!run) return false;
  if (task.kind === 'aggregate') return fitsTogether(job) && reported.sha256 === finalOf(job.id, run.challenge).sha256;
  if (task.kind !== 'prove') return false;
  const slot = run.commitments.at(task.segment);
  if (!slot || slot.kind === 'missing' || slot.commitment === commitmentOf(job.id, task.segment, 'wrong')) return false;
  return reported.sha256 === proofOf(job.id, task, run.challenge, slot.commitment).sha256;
}

/** The terminals sum to zero: no segment was proven for another input. */
export function fitsTogether({ id, run }: JobState): boolean {
  if (!run) return false;
  return commitmentsOf(run).every(
    (commitment, segment) => commitment === commitmentOf(id, segment as Segment, 'right'),
  );
}
