import { benchKernel, type BenchFigures, type BuildFigures, type ProgramFigures } from '../../bench/bench.js';
import { findNativeKernel } from '../../bench/native-kernel.js';
import { BENCH_PROGRAMS, isBenchProgram, type BenchProgramName } from '../../bench/programs.js';
import { CliError, EXIT } from '../cli.error.js';
import type { CommandContext, OutputOptions } from '../command-context.js';
import type { Report } from '../terminal.js';

export interface BenchKernelOptions extends OutputOptions {
  /** Names separated by commas; default: all. */
  readonly programs?: string;
  readonly segmentCycles: number;
  /** The WebAssembly kernel's file; default: the one of this package. */
  readonly wasm?: string;
}

/** `proofloom bench kernel`: measures this machine's proving speed on the measured guests. */
export async function benchKernelCommand(options: BenchKernelOptions, context: CommandContext): Promise<Report> {
  const { wasm, segmentCycles } = options;
  const native = findNativeKernel(context.environment);
  const { terminal, signal, nowMs } = context;
  const begun = nowMs();
  const onStep = (step: string) => terminal.err(`${seconds(nowMs() - begun)}  ${step}\n`);
  const figures = await benchKernel({
    programs: chosenPrograms(options.programs),
    segmentCycles,
    ...(wasm !== undefined && { wasm }),
    ...(native !== undefined && { native }),
    signal,
    onStep,
  });
  return reportOf(figures);
}

function chosenPrograms(list: string = BENCH_PROGRAMS.join(',')): BenchProgramName[] {
  return list.split(',').map((name) => {
    if (isBenchProgram(name)) return name;
    const hint = `choose from ${BENCH_PROGRAMS.join(', ')}, separated by commas`;
    throw new CliError('invalid_option', `there is no measured program ${JSON.stringify(name)}`, hint);
  });
}

/** Builds that disagree about a proof's bytes are a failure, whatever their speed. */
function reportOf(figures: BenchFigures): Report {
  const agree = figures.programs.every(({ bytesIdentical }) => bytesIdentical !== false);
  return { facts: { ...figures }, lines: linesOf(figures), exitCode: agree ? EXIT.ok : EXIT.failure };
}

function linesOf(figures: BenchFigures): string[] {
  const { programs, totalWidth, permutationsPerVerifiedSegment: hashes, securityBits, segmentCycles } = figures;
  return [
    row('program', 'build', 'cycles/s', 'per CPU s', 'MHz', 'cells/cycle', 'MiB', 'verify ms', 'proof KiB'),
    ...programs.flatMap(programLines),
    '',
    `segments of ${segmentCycles} cycles; width ${totalWidth}; ${securityBits.toFixed(1)} bits provable`,
    `permutations to verify a segment: ${hashes.unshared} (${hashes.shared} where paths are shared)`,
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

function row(name: string, ...cells: string[]): string {
  return (name.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padEnd(CELL_WIDTH)).join(' ')).trimEnd();
}

function seconds(ms: number): string {
  const MS_PER_SECOND = 1000;
  return `${(ms / MS_PER_SECOND).toFixed(1).padStart(7)} s`;
}
