import { KernelError } from '../kernel/kernel.error.js';
import type { KernelTables, LogHeights, ProofTables, TableFigures } from '../kernel/kernel.types.js';

/** Rows of a committed codeword per row of its table. */
export const BLOWUP = 2;

/** The figures of one kind of proof. */
export function proofOf({ proofs }: KernelTables, kind: ProofTables['proof']): ProofTables {
  const found = proofs.find(({ proof }) => proof === kind);
  if (!found) throw new KernelError('protocol', `the kernel lists no tables of the ${kind} proof`);
  return found;
}

/** Columns of a kind of proof with all its tables: preprocessed ones included, and the quotient's. */
export function totalWidth({ quotient, tables }: ProofTables): number {
  return tables.reduce((sum, { preprocessed, committedPerRow }) => sum + preprocessed + committedPerRow, quotient);
}

/** Columns that one proof opens: those of the tables that it has. */
export function openedWidth({ tables, ...proof }: ProofTables, logHeights: LogHeights): number {
  checkHeights(tables, logHeights);
  return totalWidth({ ...proof, tables: tables.filter((_, table) => logHeights[table] !== null) });
}

/**
 * Cells that a proof extends and hashes: blowup x height x committed columns over all tables, and over the quotient,
 * which is as high as the tallest of them.
 * @param logHeights log2 height of each table; null where the proof does not have it
 */
export function ldeCells({ quotient, tables }: ProofTables, logHeights: LogHeights): number {
  checkHeights(tables, logHeights);
  const cells = (columns: number, logHeight: number) => BLOWUP * 2 ** logHeight * columns;
  return tables.reduce(
    (sum, { committedPerRow }, i) => sum + cells(committedPerRow, logHeights[i] ?? -Infinity),
    cells(quotient, tallest(logHeights)),
  );
}

/** log2 of the tallest table's height. */
export function tallest(logHeights: LogHeights): number {
  return Math.max(...logHeights.map((height) => height ?? 0));
}

/** @throws KernelError `protocol` where a table has no height */
export function checkHeights(tables: readonly TableFigures[], logHeights: LogHeights): void {
  if (tables.length === logHeights.length) return;
  throw new KernelError('protocol', `the kernel gave ${logHeights.length} heights for ${tables.length} tables`);
}
