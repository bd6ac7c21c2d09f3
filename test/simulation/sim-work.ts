import type { Commitment, Segment, Sha256 } from '../../src/domain/ids.js';
import { commitmentsOf } from '../../src/domain/job/assignment-content.js';
import type { ArtifactRef, JobState } from '../../src/domain/job/job-state.js';
import type { TaskRef } from '../../src/domain/job/task.js';
import {
  HopelessWork,
  JobWork,
  type CheckOutcome,
  type DerivedChallenge,
  type LocalAggregation,
  type PlanOutcome,
} from '../../src/coordinator/jobs/job-work.js';
import type { Host } from './host.js';
import { challengeOf, finalOf, fitsTogether, commitmentOf, proofOf, verifies } from './reference-model.js';

export interface WorkTimes {
  readonly tookMs: () => number;
  /** Whether this coordinator task fails, with no fault of the job. */
  readonly fails: () => boolean;
  /** A verified proof that is gone from the artifact store, if any. */
  readonly lostProof: (job: JobState) => Segment | null;
  readonly segments: (job: JobState) => number;
  /** The kernel refuses this task, here as everywhere. */
  readonly isHopeless: (job: JobState, phase: 'contribute' | 'prove', segment: Segment) => boolean;
}

/** The coordinator's kernel and artifact store in a simulation: right answers, after a while, if nothing fails. */
export class SimWork extends JobWork {
  constructor(
    private readonly host: Host,
    private readonly times: WorkTimes,
  ) {
    super();
  }

  override plan(job: JobState): Promise<PlanOutcome> {
    const segments = this.times.segments(job);
    const totals = { segments, cycles: segments * 1000, exitCode: 0 };
    return this.later(() => ({ kind: 'planned', plan: { ...totals, programDigest: 'p', vkDigest: 'v', output: '' } }));
  }

  override challenge(job: JobState): Promise<DerivedChallenge> {
    return this.later(() => ({
      challenge: challengeOf(job.run ? commitmentsOf(job.run) : []),
      commitmentList: null,
    }));
  }

  override recompute(job: JobState, segment: Segment): Promise<Commitment> {
    return this.later(() => {
      this.refuse(job, 'contribute', segment);
      return commitmentOf(job.id, segment, 'right');
    });
  }

  override prove(job: JobState, segment: Segment): Promise<ArtifactRef | null> {
    return this.later(() => {
      this.refuse(job, 'prove', segment);
      const slot = job.run?.commitments.at(segment);
      const right = commitmentOf(job.id, segment, 'right');
      if (!job.run || !slot || slot.kind === 'missing' || slot.commitment !== right) return null;
      return proofOf(job.id, { kind: 'prove', attempt: job.run.attempt, segment }, job.run.challenge, right);
    });
  }

  override lostArtifact(): Promise<null> {
    return this.later(() => null);
  }

  private refuse(job: JobState, phase: 'contribute' | 'prove', segment: Segment): void {
    if (this.times.isHopeless(job, phase, segment)) throw new HopelessWork('KERNEL_FAILED', 'simulated refusal');
  }

  override aggregateLocally(job: JobState): Promise<LocalAggregation> {
    return this.later(() => {
      const segment = this.times.lostProof(job);
      if (segment !== null && job.run) return { kind: 'proof_lost', attempt: job.run.attempt, segment };
      if (!fitsTogether(job)) return { kind: 'unbalanced' };
      return { kind: 'aggregated_locally', final: finalOf(job.id, job.run?.challenge ?? null) };
    });
  }

  override check(job: JobState, task: TaskRef, artifact: ArtifactRef): Promise<CheckOutcome> {
    const holds = verifies(job, task, artifact);
    return this.later(() => (holds ? { kind: 'verified', artifact } : { kind: 'refused', reason: 'does not verify' }));
  }

  override async sizeOf(artifact: Sha256): Promise<number | null> {
    return artifact.length;
  }

  private later<T>(answer: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.host.after(this.times.tookMs(), () => {
        try {
          if (this.times.fails()) throw new Error('the simulated kernel thread was lost');
          resolve(answer());
        } catch (error) {
          reject(error);
        }
      });
    });
  }
}
