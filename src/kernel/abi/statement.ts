import { KernelError } from '../kernel.error.js';
import { COMMITMENT_BYTES, type Statement } from '../kernel.types.js';
import type { Fields } from './fields.js';

type StatementHeader = Record<'programDigest' | 'vkDigest' | 'cycles', string> & Record<'exitCode' | 'segments', number>;

/** A statement without its output, which travels as a blob. */
export function statementHeader({ programDigest, vkDigest, exitCode, cycles, segments }: Statement): StatementHeader {
  return { programDigest, vkDigest, exitCode, cycles: cycles.toString(), segments };
}

export function readStatement(fields: Fields, output: Uint8Array): Statement {
  return {
    programDigest: fields.text('programDigest'),
    vkDigest: fields.text('vkDigest'),
    exitCode: fields.u32('exitCode'),
    cycles: fields.u64('cycles'),
    segments: fields.u32('segments'),
    output,
  };
}

/** @throws KernelError `invalid_request` where a statement has not as many commitments as are given */
export function checkCommitments({ segments }: Statement, commitments: Uint8Array): Uint8Array {
  const expected = (segments + 1) * COMMITMENT_BYTES;
  if (commitments.length === expected) return commitments;
  const allowed = `${expected}: ${segments + 1} commitments (the boundary's and one per segment) of ${COMMITMENT_BYTES}`;
  throw new KernelError('invalid_request', `the commitments have ${commitments.length} bytes; allowed: ${allowed}`);
}

/**
 * Commitments as the kernel takes them: one after the other.
 * @throws KernelError `invalid_request` where one has another length
 */
export function concatCommitments(commitments: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(commitments.length * COMMITMENT_BYTES);
  for (const [index, commitment] of commitments.entries()) {
    if (commitment.length !== COMMITMENT_BYTES) {
      const message = `commitment ${index} has ${commitment.length} bytes; allowed: ${COMMITMENT_BYTES}`;
      throw new KernelError('invalid_request', message);
    }
    joined.set(commitment, index * COMMITMENT_BYTES);
  }
  return joined;
}

/** Cuts concatenated commitments, one for each of the asked segments. */
export function splitCommitments(blob: Uint8Array, count: number): Uint8Array[] {
  if (blob.length !== count * COMMITMENT_BYTES) {
    throw new KernelError('protocol', `the kernel answered ${blob.length} bytes for ${count} commitments`);
  }
  return Array.from({ length: count }, (_, index) => blob.slice(index * COMMITMENT_BYTES, (index + 1) * COMMITMENT_BYTES));
}
