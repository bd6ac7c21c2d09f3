import { benchKernel, type BenchFigures, type BuildFigures, type ProgramFigures } from '../../bench/bench.js';
import { SavedFigures, type ComparedFigure, type Comparison } from '../../bench/compare.js';
import { findNativeKernel } from '../../bench/native-kernel.js';
import { BENCH_PROGRAMS, isBenchProgram, type BenchProgramName } from '../../bench/programs.js';
import { CliError, EXIT } from '../cli.error.js';
import { errorMessage } from '../../lifecycle/system-error.js';
import type { CommandContext, OutputOptions } from '../command-context.js';
import { readWhole } from '../files.js';
import type { Report } from '../terminal.js';

export interface BenchKernelOptions extends OutputOptions {
  /** Names separated by commas; default: all. */
  readonly programs?: string;
  readonly segmentCycles: number;
  /** The WebAssembly kernel's file; default: the one of this package. */
  readonly wasm?: string;
  /** As text: how many threads prove at once, at most. */
  readonly threads: '1' | '2';
  /** File with what an earlier run printed with `--json`. */
  readonly compare?: string;
}

const MAX_SAVED_BYTES = 2 ** 24;

/** `proofloom bench kernel`: measures this machine's proving speed on the measured guests. */
export async function benchKernelCommand(options: BenchKernelOptions, context: CommandContext): Promise<Report> {
  const { wasm, segmentCycles } = options;
  const native = findNativeKernel(context.environment);
  const { terminal, signal, nowMs } = context;
  // Before anything is measured: a wrong path should not cost minutes.
  const saved = options.compare === undefined ? undefined : await readSaved(options.compare);
  const begun = nowMs();
  const onStep = (step: string) => terminal.err(`${seconds(nowMs() - begun)}  ${step}\n`);
  const figures = await benchKernel({
    programs: chosenPrograms(options.programs),
    segmentCycles,
    ...(wasm !== undefined && { wasm }),
    ...(native !== undefined && { native }),
    twoThreads: options.threads === '2',
    signal,
    onStep,
  });
  return reportOf(figures, saved?.compare(figures));
}

/** @throws CliError `invalid_figures`, or `unreadable_file` */
async function readSaved(path: string): Promise<SavedFigures> {
  const text = Buffer.from(await readWhole('saved run', path, MAX_SAVED_BYTES)).toString();
  try {
    return SavedFigures.parse(text);
  } catch (error) {
    const hint = 'give a file that `proofloom bench kernel --json` has printed';
    throw new CliError('invalid_figures', `${path} is no saved run: ${errorMessage(error)}`, hint);
  }
}

function chosenPrograms(list: string = BENCH_PROGRAMS.join(',')): BenchProgramName[] {
  return list.split(',').map((name) => {
    if (isBenchProgram(name)) return name;
    const hint = `choose from ${BENCH_PROGRAMS.join(', ')}, separated by commas`;
    throw new CliError('invalid_option', `there is no measured program ${JSON.stringify(name)}`, hint);
  });
}

/** Builds that disagree about a proof's bytes are a failure, whatever their speed. */
function reportOf(figures: BenchFigures, comparison?: Comparison): Report {
  const agree = figures.programs.every(({ bytesIdentical }) => bytesIdentical !== false);
  const lines = [...linesOf(figures), ...(comparison ? ['', ...comparisonLines(comparison)] : [])];
  const facts = { ...figures, ...(comparison && { comparison }) };
  return { facts, lines, exitCode: agree ? EXIT.ok : EXIT.failure };
}

/** Every figure that changed, below what makes the two runs unlike. */
export function comparisonLines({ differences, programs, kernel }: Comparison): string[] {
  const parts = [...programs, { name: 'kernel', figures: kernel }];
  return [
    ...differences.map((difference) => `not alike: ${difference}`),
    [''.padEnd(FIGURE_WIDTH), ...['before', 'after', 'ratio'].map((head) => head.padEnd(CELL_WIDTH))]
      .join(' ')
      .trimEnd(),
    ...parts.flatMap(({ name, figures }) => [name, ...figures.filter(isChanged).map(figureLine)]),
  ];
}

function isChanged({ before, after }: ComparedFigure): boolean {
  return before !== after;
}

function figureLine({ figure, before, after, ratio }: ComparedFigure): string {
  const cells = [before, after, ratio].map((value) => String(value ?? '-').padEnd(CELL_WIDTH));
  return [`  ${figure}`.padEnd(FIGURE_WIDTH), ...cells].join(' ').trimEnd();
}

function linesOf(figures: BenchFigures): string[] {
  const { programs, totalWidth, permutationsPerVerifiedSegment: hashes, securityBits, segmentCycles } = figures;
  const { twoThreads } = figures;
  return [
    row('program', 'build', 'cycles/s', 'per CPU s', 'MHz', 'cells/cycle', 'MiB', 'verify ms', 'proof KiB'),
    ...programs.flatMap(programLines),
    '',
    `segments of ${segmentCycles} cycles; width ${totalWidth}; ${securityBits.toFixed(1)} bits provable`,
    `permutations to verify a segment: ${hashes.unshared} (${hashes.shared} where paths are shared)`,
    ...(twoThreads ? [`two threads: ${twoThreads.ratio} x one (${twoThreads.cpuRatio ?? '-'} by CPU time)`] : []),
  ];
}

function programLines(program: ProgramFigures): string[] {
  const { name, native, ratio, bytesIdentical } = program;
  const lines = [buildLine(name, 'wasm', program.wasm, program.ldeCellsPerCycle)];
  if (!native || ratio === null) return lines;
  const bytes = bytesIdentical ? 'the same proofs' : 'OTHER PROOFS: the builds are of different sources';
  return [
    ...lines,
    buildLine('', 'native', native),
    row('', `${ratio} of the native rate (${native.target}), ${bytes}`),
  ];
}

function buildLine(name: string, build: string, figures: BuildFigures, cells?: number): string {
  const { cyclesPerSecondPerThread, cyclesPerCpuSecond, emulatorMHz, peakMiB, verifyMs, segmentProofBytes } = figures;
  const KIB = 1024;
  const numbers = [cyclesPerSecondPerThread, cyclesPerCpuSecond, emulatorMHz, cells, peakMiB, verifyMs];
  return row(name, build, ...numbers.map((value) => String(value ?? '-')), (segmentProofBytes / KIB).toFixed(0));
}

const NAME_WIDTH = 14;
const CELL_WIDTH = 11;
const FIGURE_WIDTH = 40;

function row(name: string, ...cells: string[]): string {
  return (name.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padEnd(CELL_WIDTH)).join(' ')).trimEnd();
}

function seconds(ms: number): string {
  const MS_PER_SECOND = 1000;
  return `${(ms / MS_PER_SECOND).toFixed(1).padStart(7)} s`;
}
