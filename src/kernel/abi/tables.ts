import { KernelError } from '../kernel.error.js';
import type { KernelTables, ProofTables, SecurityScope, TableFigures } from '../kernel.types.js';
import type { Fields } from './fields.js';

/** Reads the answer of the call `tables`. */
export function readTables(fields: Fields): KernelTables {
  return {
    proofs: fields.objects('proofs').map(readProof),
    security: fields.objects('security').map(readScope),
    securityBits: fields.number('securityBits'),
  };
}

function readProof(fields: Fields): ProofTables {
  return {
    proof: fields.choice('proof', ['segment', 'boundary']),
    quotient: fields.u32('quotient'),
    tables: fields.objects('tables').map(readTable),
  };
}

function readTable(fields: Fields): TableFigures {
  return {
    name: fields.text('name'),
    preprocessed: fields.u32('preprocessed'),
    phaseOne: fields.u32('phaseOne'),
    main: fields.u32('main'),
    aux: fields.u32('aux'),
    committedPerRow: fields.u32('committedPerRow'),
    constraints: fields.u32('constraints'),
    maxDegree: fields.u32('maxDegree'),
    publics: fields.u32('publics'),
    logHeight: readRange(fields),
    interactions: fields.counts('interactions'),
  };
}

function readRange(fields: Fields): [number, number] {
  const [min, max, ...more] = fields.u32s('logHeight');
  if (min !== undefined && max !== undefined && more.length === 0) return [min, max];
  throw new KernelError('protocol', "the kernel's answer has a table whose logHeight is no pair");
}

function readScope(fields: Fields): SecurityScope {
  const terms = fields.objects('terms').map((term) => ({ name: term.text('name'), bits: term.number('bits') }));
  return { scope: fields.text('scope'), bits: fields.number('bits'), terms };
}
