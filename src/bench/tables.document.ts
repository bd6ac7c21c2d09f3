import type { KernelTables, ProofTables, SecurityScope, TableFigures } from '../kernel/kernel.types.js';
import { totalWidth } from './sizes.js';

/** Names and alignment of the columns of a Markdown table. */
type Column<T> = readonly [title: string, value: (item: T) => string | number];

const TABLE_COLUMNS: readonly Column<TableFigures>[] = [
  ['table', ({ name }) => name],
  ['preprocessed', ({ preprocessed }) => preprocessed],
  ['phase one', ({ phaseOne }) => phaseOne],
  ['main', ({ main }) => main],
  ['aux', ({ aux }) => aux],
  ['committed per row', ({ committedPerRow }) => committedPerRow],
  ['constraints', ({ constraints }) => constraints],
  ['degree', ({ maxDegree }) => maxDegree],
  ['publics', ({ publics }) => publics],
  ['log2 height', ({ logHeight: [min, max] }) => (min === max ? min : `${min} to ${max}`)],
  ['interactions', ({ interactions }) => interactionsText(interactions)],
];

/** All tables and security terms as Markdown: the part of docs/kernel.md that a command prints. */
export function tablesDocument({ proofs, security, securityBits }: KernelTables): string[] {
  return [
    ...proofs.flatMap((proof) => [...proofSection(proof), '']),
    ...securitySection(security),
    '',
    `Provable at every admitted height: **${securityBits.toFixed(2)} bits**, the smallest of all terms.`,
  ];
}

function proofSection(proof: ProofTables): string[] {
  const { proof: kind, quotient, tables } = proof;
  return [
    `Tables of the ${kind} proof, in their order; ${totalWidth(proof)} columns in all, ${quotient} of them the quotient's:`,
    '',
    ...markdown(TABLE_COLUMNS, tables),
  ];
}

/** One row a term, one column a scope. */
function securitySection(scopes: readonly SecurityScope[]): string[] {
  const names = [...new Set(scopes.flatMap(({ terms }) => terms.map(({ name }) => name)))];
  const bits = ({ terms }: SecurityScope, name: string) => terms.find((term) => term.name === name)?.bits.toFixed(2);
  const columns: Column<string>[] = [
    ['bits', (name) => name],
    ...scopes.map((scope): Column<string> => [scope.scope, (name) => bits(scope, name) ?? '']),
  ];
  return markdown(columns, names);
}

function markdown<T>(columns: readonly Column<T>[], items: readonly T[]): string[] {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const rule = columns.map((_, index) => (index === 0 ? '---' : '---:'));
  return [
    line(columns.map(([title]) => title)),
    line(rule),
    ...items.map((item) => line(columns.map(([, value]) => value(item)))),
  ];
}

function interactionsText(interactions: Readonly<Record<string, number>>): string {
  return Object.entries(interactions)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([bus, count]) => `${bus} ${count}`)
    .join(', ');
}
