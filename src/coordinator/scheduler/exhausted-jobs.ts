import type { JobId, ProverId } from '../../domain/ids.js';
import { isExhausted } from '../../domain/job/exhausting.js';
import type { JobState } from '../../domain/job/job-state.js';
import type { Clock } from '../../lifecycle/clock.js';
import type { RegisteredProver } from './prover-registry.js';

const MS_PER_SECOND = 1000;

/** Jobs all of whose provers were quarantined: they wait for others, and not for ever. */
export class ExhaustedJobs {
  private readonly sinceMs = new Map<JobId, number>();

  constructor(
    private readonly clock: Clock,
    private readonly waitMs: number,
  ) {}

  /** Of the jobs under way and without a prover, those that have just become so and those that have waited long enough. */
  look(jobs: readonly JobState[]): { readonly found: readonly JobState[]; readonly over: readonly JobState[] } {
    const nowMs = this.clock.attentiveMs();
    const exhausted = jobs.filter(isExhausted);
    const ids = new Set(exhausted.map(({ id }) => id));
    for (const id of this.sinceMs.keys()) if (!ids.has(id)) this.sinceMs.delete(id);
    const found = exhausted.filter(({ id }) => !this.sinceMs.has(id));
    for (const { id } of found) this.sinceMs.set(id, nowMs);
    return { found, over: exhausted.filter(({ id }) => nowMs - (this.sinceMs.get(id) ?? nowMs) >= this.waitMs) };
  }

  /** What is in the way of a job, and what will come of it. */
  explain(job: JobId, obstacle: string | null): string | null {
    const sinceMs = this.sinceMs.get(job);
    if (obstacle === null || sinceMs === undefined) return obstacle;
    const leftMs = Math.max(0, this.waitMs - (this.clock.attentiveMs() - sinceMs));
    return `${obstacle}; the job fails in ${Math.ceil(leftMs / MS_PER_SECOND)} s unless another prover comes`;
  }
}

/** Why none of the connected provers can be given work; null where one can, or is only busy or silent. */
export function obstacleOf(
  connected: readonly RegisteredProver[],
  isExcluded: (prover: ProverId) => boolean,
): string | null {
  if (connected.length === 0) return 'no prover is connected';
  const isOut = ({ session: { prover, state } }: RegisteredProver) => state.kind === 'DRAINING' || isExcluded(prover);
  return connected.every(isOut) ? 'every connected prover is drained or quarantined' : null;
}
