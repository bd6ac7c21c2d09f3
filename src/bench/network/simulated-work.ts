import { Injectable } from '@nestjs/common';
import type { Challenge, Commitment, Sha256 } from '../../domain/ids.js';
import type { ArtifactRef, JobState } from '../../domain/job/job-state.js';
import type { TaskRef } from '../../domain/job/task.js';
import {
  JobWork,
  SENT_COMMITMENTS,
  type CheckOutcome,
  type DerivedChallenge,
  type LocalAggregation,
  type PlanOutcome,
} from '../../coordinator/jobs/job-work.js';
import { preciseWallMs } from './figures.js';

/** The label that says how many segments a job has. */
export const SEGMENTS_LABEL = 'segments';

const DIGEST = '0'.repeat(64);
const STAMP_BYTES = 8;
const CHALLENGE_BYTES = 32;

/**
 * Coordinator tasks that take no time, so that what is left is orchestration. Where its answer makes tasks
 * ready, it carries the moment with it: in the output of a plan, at the start of a challenge.
 */
@Injectable()
export class SimulatedWork extends JobWork {
  override async plan(job: JobState): Promise<PlanOutcome> {
    const segments = Number(job.request.labels[SEGMENTS_LABEL] ?? 1);
    const digests = { programDigest: DIGEST, vkDigest: DIGEST };
    return { kind: 'planned', plan: { ...digests, segments, cycles: 1, exitCode: 0, output: stamp(STAMP_BYTES) } };
  }

  /** As the kernel's: a long list is an artifact. Simulated provers do not fetch it. */
  override async challenge({ run }: JobState): Promise<DerivedChallenge> {
    const isLong = (run?.commitments.length ?? 0) > SENT_COMMITMENTS;
    const commitmentList = isLong ? { sha256: DIGEST as Sha256, size: 1 } : null;
    return { challenge: stamp(CHALLENGE_BYTES) as Challenge, commitmentList };
  }

  override async recompute(): Promise<Commitment> {
    return DIGEST as Commitment;
  }

  override async prove(): Promise<ArtifactRef> {
    return { sha256: DIGEST as Sha256, size: 1 };
  }

  override async lostArtifact(): Promise<null> {
    return null;
  }

  override async aggregateLocally(): Promise<LocalAggregation> {
    return { kind: 'aggregated_locally', final: { sha256: DIGEST as Sha256, size: 1 } };
  }

  override async check(_job: JobState, _task: TaskRef, artifact: ArtifactRef): Promise<CheckOutcome> {
    return { kind: 'verified', artifact };
  }

  override async sizeOf(): Promise<number> {
    return 1;
  }
}

/** The present moment in so many bytes, hexadecimal. */
function stamp(bytes: number): string {
  const buffer = Buffer.alloc(bytes);
  buffer.writeDoubleLE(preciseWallMs());
  return buffer.toString('hex');
}

export function stampedMs(bytes: Uint8Array): number {
  return Buffer.from(bytes).readDoubleLE();
}
