import type { KernelTables } from '../kernel/kernel.types.js';
import { tablesDocument } from './tables.document.js';

const TABLES: KernelTables = {
  proofs: [
    {
      proof: 'segment',
      quotient: 10,
      tables: [
        {
          name: 'CPU',
          preprocessed: 0,
          phaseOne: 1,
          main: 39,
          aux: 40,
          committedPerRow: 80,
          constraints: 38,
          maxDegree: 3,
          publics: 3,
          logHeight: [8, 20],
          interactions: { wide: 2, memory: 6 },
        },
      ],
    },
  ],
  security: [
    { scope: 'segment', bits: 100.5, terms: [{ name: 'queries', bits: 100.5 }] },
    { scope: 'all', bits: 119, terms: [{ name: 'bus', bits: 119 }] },
  ],
  securityBits: 100.5,
};

describe('tablesDocument', () => {
  it('shows every table with its buses in a fixed order, and every term by scope', () => {
    const lines = tablesDocument(TABLES);
    expect(lines).toContain(
      "Tables of the segment proof, in their order; 90 columns in all, 10 of them the quotient's:",
    );
    expect(lines).toContain('| CPU | 0 | 1 | 39 | 40 | 80 | 38 | 3 | 3 | 8 to 20 | memory 6, wide 2 |');
    expect(lines).toContain('| bits | segment | all |');
    expect(lines).toContain('| queries | 100.50 |  |');
    expect(lines).toContain('| bus |  | 119.00 |');
    expect(lines.at(-1)).toContain('**100.50 bits**');
  });
});
