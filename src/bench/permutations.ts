import { KernelError } from '../kernel/kernel.error.js';
import type { LogHeights, ProofTables } from '../kernel/kernel.types.js';
import { checkHeights, tallest } from './sizes.js';

/** The numbers of the proof parameters that decide how much its verifier hashes. */
export interface HashingParameters {
  readonly queries: number;
  readonly logBlowup: number;
  readonly maxLogArity: number;
  /** log2 of the final polynomial's length. */
  readonly logFinalLength: number;
}

/** By the name that the kernel's `info` gives. */
const KNOWN_PARAMETERS: Readonly<Record<string, HashingParameters>> = {
  'kb5-p2-b2-udr': { queries: 206, logBlowup: 1, maxLogArity: 3, logFinalLength: 4 },
};

/** Field elements that one permutation absorbs. */
const RATE = 8;
/** Field elements of a challenge-field element. */
const CHALLENGE_DEGREE = 5;

/** Hash permutations of the Merkle openings of one segment proof. */
export interface Permutations {
  /** Every query walks its paths alone: what a circuit of fixed shape does. A whole number. */
  readonly unshared: number;
  /** Nodes that several queries meet are hashed once, as the verifier does: the expected number, rounded. */
  readonly shared: number;
}

export function hashingParametersOf(name: string): HashingParameters {
  const parameters = KNOWN_PARAMETERS[name];
  if (parameters) return parameters;
  throw new KernelError(
    'protocol',
    `the kernel has the proof parameters ${name}; known: ${Object.keys(KNOWN_PARAMETERS).join(', ')}`,
  );
}

/**
 * Counts the permutations of the Merkle openings of a segment proof from widths, heights and proof parameters.
 *
 * There is one tree for each column group (preprocessed, phase one, main, auxiliary). Rows of all its matrices of one
 * height are hashed together: ceil(width / 8) permutations. The tallest are the leaves; shorter ones join at the level
 * of their height, with one more compression. Each level above the leaves costs one compression. The quotient has a tree
 * as high as the tallest table. A FRI layer is a tree whose rows are 2^arity challenge-field elements. The transcript and
 * the grinding check are not counted.
 *
 * A level of n nodes is met by q random queries in n (1 - (1 - 1/n)^q) places: that is `shared`.
 */
export function permutationsPerSegment(
  proof: ProofTables,
  logHeights: LogHeights,
  parameters: HashingParameters,
): Permutations {
  checkHeights(proof.tables, logHeights);
  const logTallest = tallest(logHeights);
  const columns = [...columnTrees(proof, logHeights, parameters), quotientTree(proof, logTallest, parameters)];
  const trees = [...columns, ...friTrees(logTallest, parameters)];
  const { queries } = parameters;
  const total = (met: (logNodes: number) => number) => trees.reduce((sum, tree) => sum + treeCost(tree, met), 0);
  return { unshared: total(() => queries), shared: Math.round(total((logNodes) => distinct(logNodes, queries))) };
}

/** Widths of the rows that are hashed together, by log2 of their number. */
type Tree = ReadonlyMap<number, number>;

const GROUPS = ['preprocessed', 'phaseOne', 'main', 'aux'] as const;

function columnTrees({ tables }: ProofTables, logHeights: LogHeights, parameters: HashingParameters): Tree[] {
  return GROUPS.map((group) => {
    const tree = new Map<number, number>();
    for (const [index, table] of tables.entries()) {
      const logHeight = logHeights[index] ?? null;
      if (table[group] === 0 || logHeight === null) continue;
      const logRows = logHeight + parameters.logBlowup;
      tree.set(logRows, (tree.get(logRows) ?? 0) + table[group]);
    }
    return tree;
  });
}

function quotientTree({ quotient }: ProofTables, logTallest: number, { logBlowup }: HashingParameters): Tree {
  return new Map(quotient > 0 ? [[logTallest + logBlowup, quotient]] : []);
}

/** All columns are lifted to the tallest table, so layers fold by 2^maxLogArity all the way down. */
function friTrees(logTallest: number, parameters: HashingParameters): Tree[] {
  const final = parameters.logBlowup + parameters.logFinalLength;
  const trees: Tree[] = [];
  let current = logTallest + parameters.logBlowup;
  while (current > final) {
    const logArity = Math.min(parameters.maxLogArity, current - final);
    current -= logArity;
    trees.push(new Map([[current, CHALLENGE_DEGREE * 2 ** logArity]]));
  }
  return trees;
}

function treeCost(tree: Tree, met: (logNodes: number) => number): number {
  const leaves = Math.max(0, ...tree.keys());
  let cost = 0;
  for (let level = leaves; level >= 0; level--) {
    const rowHash = Math.ceil((tree.get(level) ?? 0) / RATE);
    const compressions = level === leaves ? 0 : 1 + (rowHash > 0 ? 1 : 0);
    cost += met(level) * (rowHash + compressions);
  }
  return cost;
}

function distinct(logNodes: number, queries: number): number {
  const nodes = 2 ** logNodes;
  return nodes * (1 - (1 - 1 / nodes) ** queries);
}
