import type { ProofTables, TableFigures } from '../kernel/kernel.types.js';
import { PartTimes } from './parts.js';
import { permutationsPerSegment, hashingParametersOf, type HashingParameters } from './permutations.js';
import { ldeCells, totalWidth } from './sizes.js';

function table(widths: Partial<TableFigures>): TableFigures {
  const columns = { preprocessed: 0, phaseOne: 0, main: 0, aux: 0, ...widths };
  const committedPerRow = columns.phaseOne + columns.main + columns.aux;
  const rest = { constraints: 0, maxDegree: 3, publics: 0, logHeight: [8, 20] as const, interactions: {} };
  return { name: 'T', ...columns, committedPerRow, ...rest };
}

function proof(tables: readonly TableFigures[], quotient = 10): ProofTables {
  return { proof: 'segment', quotient, tables };
}

const PROOF = proof([
  table({ main: 39, aux: 40 }),
  table({ preprocessed: 3, main: 1, aux: 5 }),
  table({ phaseOne: 12, main: 11, aux: 10 }),
]);

describe('sizes', () => {
  it('count every column once, and cells by blowup, height and committed columns; the quotient is as high as the tallest', () => {
    expect(totalWidth(PROOF)).toBe(79 + 9 + 33 + 10);
    expect(ldeCells(PROOF, [16, 17, 8])).toBe(2 * (79 * 2 ** 16 + (6 + 10) * 2 ** 17 + 33 * 2 ** 8));
  });

  it('are refused for other tables than the proof has', () => {
    expect(() => ldeCells(PROOF, [17, 16])).toThrow('2 heights for 3 tables');
  });
});

describe('permutations of the Merkle openings', () => {
  const ONE_QUERY: HashingParameters = { queries: 1, logBlowup: 1, maxLogArity: 3, logFinalLength: 4 };

  it('are one path of rows and compressions for one table and one query', () => {
    // Leaves of 2^9 rows: 2 permutations for 9 columns, and 9 compressions. FRI folds 9 -> 6 -> 5: rows of 8 and 2
    // elements (5 and 2 permutations), paths of 6 and 5.
    const counts = permutationsPerSegment(proof([table({ main: 9 })], 0), [8], ONE_QUERY);
    expect(counts).toEqual({ unshared: 2 + 9 + (5 + 6) + (2 + 5), shared: 2 + 9 + (5 + 6) + (2 + 5) });
  });

  it('hash rows of one height together, and join shorter ones with one compression more', () => {
    // Main: 4 + 5 columns at 2^10 rows are 2 permutations; 1 column joins at 2^9: 1 and a compression; 10 levels.
    // The quotient has a tree at the tallest height. FRI folds 10 -> 7 -> 5 (rows of 8 and 4 elements) without a pause.
    const tables = [table({ main: 4 }), table({ main: 5 }), table({ main: 1 })];
    const { unshared } = permutationsPerSegment(proof(tables), [9, 9, 8], ONE_QUERY);
    expect(unshared).toBe(2 + 10 + 2 + (2 + 10) + (5 + 7) + (3 + 5));
  });

  it('are fewer where queries meet: the root of each tree is hashed once', () => {
    const many = { ...ONE_QUERY, queries: 100_000 };
    const { unshared, shared } = permutationsPerSegment(proof([table({ main: 8 })], 0), [8], many);
    // All nodes of all trees: 2^9 leaves and their inner nodes, 2^6 rows of 5, 2^5 rows of 2.
    expect(shared).toBe(512 + 511 + 64 * 5 + 63 + 32 * 2 + 31);
    expect(unshared).toBe(100_000 * (1 + 9 + 11 + 7));
  });

  it('are known for the released parameters alone', () => {
    expect(hashingParametersOf('kb5-p2-b2-udr')).toEqual({
      queries: 206,
      logBlowup: 1,
      maxLogArity: 3,
      logFinalLength: 4,
    });
    expect(() => hashingParametersOf('other')).toThrow('the kernel has the proof parameters other');
  });
});

describe('part times', () => {
  it('add up by name and start again when they were read', () => {
    const parts = new PartTimes();
    for (const line of [
      'part commit main: 1.5 ms',
      'panicked at part x: 3 ms',
      'part commit main: 2.5 ms',
      'part open: 7 ms',
    ]) {
      parts.take(line);
    }
    expect(parts.drain()).toEqual({ commitMain: 4, open: 7 });
    expect(parts.drain()).toEqual({});
  });
});
