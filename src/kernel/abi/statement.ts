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

/**
 * All commitments of a statement as one blob.
 * @throws KernelError `invalid_request` where one is missing or has another length
 */
export function concatCommitments({ segments }: Statement, commitments: readonly Uint8Array[]): Uint8Array {
  if (commitments.length !== segments + 1) {
    const expected = `${segments + 1} commitments (the boundary's and one per segment)`;
    throw new KernelError('invalid_request', `${commitments.length} commitments were given; allowed: ${expected}`);
  }
  const wrong = commitments.findIndex(({ length }) => length !== COMMITMENT_BYTES);
  if (wrong >= 0) {
    const length = commitments[wrong]?.length ?? 0;
    throw new KernelError('invalid_request', `commitment ${wrong} has ${length} bytes; allowed: ${COMMITMENT_BYTES}`);
  }
  const joined = new Uint8Array(commitments.length * COMMITMENT_BYTES);
  for (const [index, commitment] of commitments.entries()) joined.set(commitment, index * COMMITMENT_BYTES);
  return joined;
}

/** Cuts concatenated commitments, one for each of the asked segments. */
export function splitCommitments(blob: Uint8Array, count: number): Uint8Array[] {
  if (blob.length !== count * COMMITMENT_BYTES) {
    throw new KernelError('protocol', `the kernel answered ${blob.length} bytes for ${count} commitments`);
  }
  return Array.from({ length: count }, (_, index) => blob.slice(index * COMMITMENT_BYTES, (index + 1) * COMMITMENT_BYTES));
}
