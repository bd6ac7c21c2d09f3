import type { JobId, ProverId } from '../../domain/ids.js';
import type { ProverDescription } from '../../domain/session/session.js';
import type { QuarantineEntry } from '../store/task-store.js';

/** Why a prover gets no work. */
export type Quarantined = Pick<QuarantineEntry, 'cause' | 'reason'>;

/** What happens to provers, for whoever tells it. */
export type ProverEvent =
  | { readonly type: 'registered'; readonly description: ProverDescription; readonly quarantined: Quarantined | null }
  /** A newer connection of the same prover took the place of this one. */
  | { readonly type: 'replaced'; readonly prover: ProverId }
  | { readonly type: 'refused'; readonly prover: ProverId; readonly reason: string }
  | {
      readonly type: 'disconnected';
      readonly prover: ProverId;
      readonly reason: string;
      /** Assignments that are kept for its return. */
      readonly assignments: number;
      readonly graceMs: number;
    }
  /** It did not return within the grace: what it held is given to others. */
  | { readonly type: 'lost'; readonly prover: ProverId; readonly reason: string; readonly assignments: number }
  /** Asked to finish and to leave; and it has. */
  | { readonly type: 'draining'; readonly prover: ProverId; readonly reason: string }
  | { readonly type: 'drained'; readonly prover: ProverId }
  | { readonly type: 'quarantined'; readonly prover: ProverId; readonly reason: string; readonly job: JobId | null }
  | { readonly type: 'released'; readonly prover: ProverId }
  /** Every prover that worked on a job is quarantined; it waits so long for others. */
  | {
      readonly type: 'exhausted';
      readonly job: JobId;
      readonly provers: readonly ProverId[];
      readonly waitMs: number;
    };

export function quarantineText({ cause, reason }: Quarantined): string {
  return cause === 'drain' ? `drained until it is released: ${reason}` : `quarantined: ${reason}`;
}
