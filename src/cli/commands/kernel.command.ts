import { totalWidth } from '../../bench/sizes.js';
import { tablesDocument } from '../../bench/tables.document.js';
import type { KernelInfo, ProofTables, SecurityScope, TableFigures } from '../../kernel/kernel.types.js';
import type { CommandContext, OutputOptions } from '../command-context.js';
import type { Report } from '../terminal.js';

export interface KernelTablesOptions extends OutputOptions {
  readonly markdown?: boolean;
}

/** `proofloom kernel tables`: widths, degrees, interactions and heights of all tables, and every security term. */
export async function kernelTables({ markdown }: KernelTablesOptions, context: CommandContext): Promise<Report> {
  const tables = await context.startKernel(1).tables({ signal: context.signal });
  const lines = markdown ? tablesDocument(tables) : [...tables.proofs.flatMap(proofLines), ...securityLines(tables)];
  return { facts: { ...tables }, lines };
}

/** `proofloom kernel info`: version, proof parameters, format and digests of the kernel. */
export async function kernelInfo(context: CommandContext): Promise<Report> {
  const info = await context.startKernel(1).info({ signal: context.signal });
  return { facts: { ...info }, lines: infoLines(info) };
}

function infoLines(info: KernelInfo): string[] {
  return [
    `version         ${info.version}`,
    `parameters      ${info.proofParameters}`,
    `proof format    ${info.proofFormat}, tables revision ${info.tablesRevision}`,
    `segment cycles  ${info.minSegmentCycles} to ${info.maxSegmentCycles}`,
    `security        ${info.securityBits.toFixed(1)} bits provable`,
    `binary          ${info.binaryDigest}`,
    `sources         ${info.sourceDigest || 'not recorded'}`,
  ];
}

const NAME_WIDTH = 10;
const NUMBER_WIDTH = 9;
const TERM_WIDTH = 24;
const TITLES = ['preprocessed', 'phase one', 'main', 'aux', 'per row', 'degree', 'height'];

function proofLines(proof: ProofTables): string[] {
  return [
    `tables of the ${proof.proof} proof (${totalWidth(proof)} columns, ${proof.quotient} of them the quotient's)`,
    columns('', TITLES),
    ...proof.tables.map(tableLine),
    '',
  ];
}

function tableLine(table: TableFigures): string {
  const { preprocessed, phaseOne, main, aux, committedPerRow, maxDegree, logHeight } = table;
  const [min, max] = logHeight;
  const height = min === max ? `2^${min}` : `2^${min}..${max}`;
  const numbers = [preprocessed, phaseOne, main, aux, committedPerRow, maxDegree].map(String);
  const buses = Object.entries(table.interactions).map(([bus, count]) => `${bus} ${count}`);
  return `${columns(table.name, [...numbers, height])}  ${buses.join(', ')}`;
}

function securityLines({ security }: { readonly security: readonly SecurityScope[] }): string[] {
  return security.flatMap(({ scope, bits, terms }) => [
    `${scope}: ${bits.toFixed(2)} bits`,
    ...terms.map((term) => `  ${term.name.padEnd(TERM_WIDTH)}${term.bits.toFixed(2).padStart(NUMBER_WIDTH)}`),
  ]);
}

function columns(name: string, cells: readonly string[]): string {
  return name.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padStart(NUMBER_WIDTH)).join('');
}
