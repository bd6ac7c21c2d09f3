import { DomainError } from '../domain/errors.js';
import { parseCommitment, type Commitment } from '../domain/ids.js';

/** A commitment as a prover gives it, or why its bytes can be none. */
export type CommitmentGiven =
  | { readonly kind: 'commitment'; readonly commitment: Commitment }
  | { readonly kind: 'malformed'; readonly reason: string };

/** @param field what the bytes came as */
export function toCommitment(bytes: Uint8Array, field: string): CommitmentGiven {
  try {
    return { kind: 'commitment', commitment: parseCommitment(Buffer.from(bytes).toString('hex'), field) };
  } catch (error) {
    if (error instanceof DomainError) return { kind: 'malformed', reason: error.message };
    throw error;
  }
}
