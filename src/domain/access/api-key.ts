import type { Branded, ProverId, Sha256 } from '../ids.js';
import type { Role } from './role.js';

/** Name of a key, which may be shown; the key itself is a secret. */
export type KeyId = Branded<string, 'KeyId'>;

/** A key or token as callers show it: one word, as it goes into a header. */
export const SECRET = /^[\x21-\x7e]{1,512}$/;

/** A key as it is kept: whoever reads this cannot use it. */
export interface ApiKey {
  readonly id: KeyId;
  /** Of the secret. */
  readonly digest: Sha256;
  readonly role: Role;
  /** The one prover that a key with the role `prove` is for; null with any other role. */
  readonly prover: ProverId | null;
  /** In its maker's words, for people. */
  readonly label: string;
  readonly createdAtMs: number;
  /** null: never. */
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
}

/** Whether the key opens anything now. @param nowMs Unix milliseconds, by the coordinator's clock */
export function isUsable({ expiresAtMs, revokedAtMs }: ApiKey, nowMs: number): boolean {
  return revokedAtMs === null && (expiresAtMs === null || nowMs < expiresAtMs);
}
