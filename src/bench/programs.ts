import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCT_ROOT } from '../config/product.js';

const GUESTS = join(PRODUCT_ROOT, 'guests');

/** The measured guests and the recorded run of each (guests/expected.json). */
const RECORDED_RUNS = {
  fibonacci: 'fibonacci',
  'sha256-chain': 'sha256-chain',
  'memory-heavy': 'memory-heavy',
  'muldiv-heavy': 'muldiv-heavy',
  headers: 'headers-software-synthetic-24',
  'headers-accelerated': 'headers-synthetic-24',
} as const;

export type BenchProgramName = keyof typeof RECORDED_RUNS;

export const BENCH_PROGRAMS = Object.keys(RECORDED_RUNS) as readonly BenchProgramName[];

/** A program with an input and what an independent machine says of the run. */
export interface BenchProgram {
  readonly name: string;
  readonly elf: Uint8Array;
  readonly input: Uint8Array;
  /** Instructions of the whole run; undefined where the oracle had no accelerators and did their work itself. */
  readonly cycles: number | undefined;
}

interface RecordedRun {
  readonly elf: string;
  readonly input: string | null;
  readonly exitCode?: number;
  readonly instructions?: number;
}

export function isBenchProgram(name: string): name is BenchProgramName {
  return Object.hasOwn(RECORDED_RUNS, name);
}

/** Reads a measured guest. */
export function benchProgram(name: BenchProgramName): BenchProgram {
  return recordedProgram(name, RECORDED_RUNS[name]);
}

/**
 * Reads a guest and its input as recorded.
 * @throws Error where there is no such recorded run, or its files cannot be read
 */
export function recordedProgram(name: string, run: string): BenchProgram {
  const runs = JSON.parse(read('expected.json').toString()) as Record<string, RecordedRun>;
  const { elf, input, exitCode, instructions } = runs[run] ?? {};
  if (elf === undefined || exitCode === undefined) {
    throw new Error(`guests/expected.json has no run ${run} that halts`);
  }
  const bytes = (path: string) => new Uint8Array(read(path));
  return { name, elf: bytes(elf), input: input ? bytes(input) : new Uint8Array(), cycles: instructions };
}

function read(path: string): Buffer {
  return readFileSync(join(GUESTS, path));
}
