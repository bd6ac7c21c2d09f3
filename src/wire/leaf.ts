import { DomainError } from '../domain/errors.js';
import { parseLeaf, type Leaf } from '../domain/ids.js';

/** A leaf as a prover gives it, or why its bytes can be none. */
export type LeafGiven =
  { readonly kind: 'leaf'; readonly leaf: Leaf } | { readonly kind: 'malformed'; readonly reason: string };

/** @param field what the bytes came as */
export function toLeaf(bytes: Uint8Array, field: string): LeafGiven {
  try {
    return { kind: 'leaf', leaf: parseLeaf(Buffer.from(bytes).toString('hex'), field) };
  } catch (error) {
    if (error instanceof DomainError) return { kind: 'malformed', reason: error.message };
    throw error;
  }
}
