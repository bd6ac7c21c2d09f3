import type { ProverId, Sha256 } from '../ids.js';

/** What a prover gets its key for, once, as it is kept: whoever reads this cannot use it. */
export interface EnrolmentToken {
  /** Of the secret. */
  readonly digest: Sha256;
  /** null: any prover that has no key. */
  readonly prover: ProverId | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly usedAtMs: number | null;
}
