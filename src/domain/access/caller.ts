import type { ProverId } from '../ids.js';
import type { Role } from './role.js';

/** Who makes a call, once that is checked. */
export interface Caller {
  /** For the log and the audit log: the id of a key, `operator-key`, or `anyone`. */
  readonly name: string;
  /** null: no key was asked for. */
  readonly role: Role | null;
  /** The only prover it may be; null: any. */
  readonly prover: ProverId | null;
}

/** A caller where no key is asked for. */
export const ANYONE: Caller = { name: 'anyone', role: null, prover: null };

/** Whether a caller may speak as a prover. */
export function maySpeakAs({ prover }: Caller, claimed: ProverId): boolean {
  return prover === null || prover === claimed;
}
