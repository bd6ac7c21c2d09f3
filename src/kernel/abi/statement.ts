import { KernelError } from '../kernel.error.js';
import { LEAF_BYTES, type Statement } from '../kernel.types.js';
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
 * All leaves of a statement as one blob.
 * @throws KernelError `invalid_request` where one is missing or has another length
 */
export function joinLeaves({ segments }: Statement, leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length !== segments + 1) {
    const expected = `${segments + 1} leaves (the boundary's and one per segment)`;
    throw new KernelError('invalid_request', `${leaves.length} leaves were given; allowed: ${expected}`);
  }
  const wrong = leaves.findIndex(({ length }) => length !== LEAF_BYTES);
  if (wrong >= 0) {
    const length = leaves[wrong]?.length ?? 0;
    throw new KernelError('invalid_request', `leaf ${wrong} has ${length} bytes; allowed: ${LEAF_BYTES}`);
  }
  return Buffer.concat(leaves);
}

/** Cuts concatenated leaves, one for each of the asked segments. */
export function splitLeaves(blob: Uint8Array, count: number): Uint8Array[] {
  if (blob.length !== count * LEAF_BYTES) {
    throw new KernelError('protocol', `the kernel answered ${blob.length} bytes for ${count} leaves`);
  }
  return Array.from({ length: count }, (_, index) => blob.slice(index * LEAF_BYTES, (index + 1) * LEAF_BYTES));
}
