import type { Epoch, ProverId } from '../ids.js';
import type { Verdict } from '../verdict.js';
import type { Effect } from './effect.js';
import type { JobEvent } from './event.js';
import type { JobState } from './job-state.js';

/** Monotonic milliseconds for durations, Unix milliseconds for what people read. */
export interface Now {
  readonly monoMs: number;
  readonly wallMs: number;
}

/** What a command came to. */
export type Outcome =
  | { readonly kind: 'applied' }
  /** Nothing to do: the command came too late or twice. */
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'assigned'; readonly epoch: Epoch }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  /** A proof is plausible; the verdict follows as an `answer` effect once it was checked. */
  | { readonly kind: 'checking' };

export const APPLIED: Outcome = { kind: 'applied' };

export const ignored = (reason: string): Outcome => ({ kind: 'ignored', reason });

/** A prover quarantined because of what it returned; kept across jobs and restarts until it is released. */
export interface Quarantine {
  readonly prover: ProverId;
  readonly reason: string;
}

/** The whole answer of `decide`: the new state, what watchers see, and what to do after the commit. */
export interface Decision {
  readonly job: JobState;
  readonly outcome: Outcome;
  readonly events: readonly JobEvent[];
  readonly quarantines: readonly Quarantine[];
  readonly effects: readonly Effect[];
}
