import type { JobId, ProverId } from '../../domain/ids.js';
import type { QuarantinedProver } from '../generated/proofloom/v1/admin.js';
import { toTimestamp } from '../timestamps.js';

/** A prover that gets no work until it is released, as it is stored. */
export interface StoredQuarantine {
  readonly prover: ProverId;
  readonly cause: 'fault' | 'drain';
  readonly reason: string;
  readonly job: JobId | null;
  readonly sinceMs: number;
}

export function toQuarantinedProver({ prover, cause, reason, job, sinceMs }: StoredQuarantine): QuarantinedProver {
  return { proverId: prover, since: toTimestamp(sinceMs), reason, jobId: job ?? '', drained: cause === 'drain' };
}
