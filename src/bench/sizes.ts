import { KernelError } from '../kernel/kernel.error.js';
import type { KernelTables, ProofTables, TableFigures } from '../kernel/kernel.types.js';

/** Rows of a committed codeword per row of its table. */
export const BLOWUP = 2;

/** The tables of one kind of proof. */
export function tablesOf({ proofs }: KernelTables, kind: ProofTables['proof']): readonly TableFigures[] {
  const found = proofs.find(({ proof }) => proof === kind);
  if (!found) throw new KernelError('protocol', `the kernel lists no tables of the ${kind} proof`);
  return found.tables;
}

/** Columns that a segment proof opens: those of all its tables, fixed ones included. */
export function totalWidth(tables: readonly TableFigures[]): number {
  return tables.reduce((sum, { fixed, committedPerRow }) => sum + fixed + committedPerRow, 0);
}

/**
 * Cells that a proof extends and hashes: blowup x height x committed columns over all tables.
 * @param logHeights log2 height of each table
 */
export function ldeCells(tables: readonly TableFigures[], logHeights: readonly number[]): number {
  checkHeights(tables, logHeights);
  return tables.reduce((sum, { committedPerRow }, i) => sum + BLOWUP * 2 ** (logHeights[i] ?? 0) * committedPerRow, 0);
}

/** @throws KernelError `protocol` where a table has no height */
export function checkHeights(tables: readonly TableFigures[], logHeights: readonly number[]): void {
  if (tables.length === logHeights.length) return;
  throw new KernelError('protocol', `the kernel gave ${logHeights.length} heights for ${tables.length} tables`);
}
