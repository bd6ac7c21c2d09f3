import { availableParallelism, cpus, loadavg } from 'node:os';
import type { KernelInfo, KernelTables } from '../kernel/kernel.types.js';
import { measure, type Measurement } from './measure.js';
import { nativeKernel, wasmKernel, type MeteredKernel } from './metered-kernel.js';
import { permutationsPerSegment, hashingParametersOf, type Permutations } from './permutations.js';
import { benchProgram, type BenchProgram, type BenchProgramName } from './programs.js';
import { round } from './round.js';
import { ldeCells, openedWidth, proofOf } from './sizes.js';
import { measureTwoThreads, type TwoThreads } from './two-threads.js';

export interface BenchOptions {
  readonly programs: readonly BenchProgramName[];
  readonly segmentCycles: number;
  /** The WebAssembly kernel's file. Default: the one of this package. */
  readonly wasm?: string;
  /** The native kernel's file, where there is one. */
  readonly native?: string;
  /** Whether two threads at once are measured too, on the first program. */
  readonly twoThreads: boolean;
  readonly signal: AbortSignal;
  /** Takes lines about what is being done. */
  readonly onStep: (step: string) => void;
}

/** Figures of one build, for people and scripts; milliseconds unless the name says otherwise. */
export interface BuildFigures {
  /** What the build was made for: the same code is several times slower without vector instructions. */
  readonly target: string;
  /** Cycles by the time of contribution and all proofs, boundary included, on one thread. */
  readonly cyclesPerSecondPerThread: number;
  /** The same by CPU time, where the system tells. */
  readonly cyclesPerCpuSecond: number | null;
  readonly emulatorMHz: number;
  readonly setupMs: number;
  readonly phasesMs: Readonly<Record<string, number>>;
  readonly peakMiB: number | null;
  readonly verifyMs: number;
  readonly segmentProofBytes: number;
}

export interface ProgramFigures {
  readonly name: string;
  readonly cycles: number;
  readonly segments: number;
  readonly ldeCellsPerCycle: number;
  /** Columns that the widest of the segment proofs opens. */
  readonly totalWidth: number;
  readonly emulatorMHz: number;
  readonly wasm: BuildFigures;
  readonly native: BuildFigures | null;
  /** WebAssembly rate by native rate, both of this run: of CPU time where the system tells it for both. */
  readonly ratio: number | null;
  /** Whether both builds made the same proofs. */
  readonly bytesIdentical: boolean | null;
  readonly permutationsPerVerifiedSegment: Permutations;
}

export interface BenchFigures {
  readonly kernel: KernelInfo;
  readonly machine: Readonly<Record<string, unknown>>;
  readonly segmentCycles: number;
  readonly programs: readonly ProgramFigures[];
  /** Of the program that needs least: what every segment opens, whatever accelerators others call. */
  readonly totalWidth: number;
  /** Of the program that needs most. */
  readonly permutationsPerVerifiedSegment: Permutations;
  readonly securityBits: number;
  /** Two threads of the WebAssembly build by one, on the first program's segment 1; null where not measured. */
  readonly twoThreads: TwoThreads | null;
}

interface Described {
  readonly info: KernelInfo;
  readonly tables: KernelTables;
}

const MIB = 2 ** 20;
const MS_PER_SECOND = 1000;

/** Measures the kernel on its programs, one after another, each in an instance of its own. */
export async function benchKernel(options: BenchOptions): Promise<BenchFigures> {
  const load = loadavg();
  const described = await withKernel(startWasm(options), ({ kernel }) => describe(kernel));
  const programs: ProgramFigures[] = [];
  for (const name of options.programs) programs.push(await benchOne(benchProgram(name), described, options));
  const counts = programs.map(({ permutationsPerVerifiedSegment }) => permutationsPerVerifiedSegment);
  return {
    kernel: described.info,
    machine: machineFacts(load),
    segmentCycles: options.segmentCycles,
    programs,
    totalWidth: Math.min(...programs.map((program) => program.totalWidth)),
    permutationsPerVerifiedSegment: counts.reduce((most, one) => (one.unshared > most.unshared ? one : most)),
    securityBits: described.tables.securityBits,
    twoThreads: await twoThreads(options),
  };
}

async function twoThreads(options: BenchOptions): Promise<TwoThreads | null> {
  const [name] = options.programs;
  if (!options.twoThreads || name === undefined) return null;
  const { segmentCycles, signal, onStep } = options;
  const step = (what: string) => onStep(`${name} wasm: ${what}`);
  const measured = { segmentCycles, signal, onStep: step };
  return withKernel(startWasm(options), (one) =>
    withKernel(startWasm(options), (other) => measureTwoThreads([one, other], benchProgram(name), measured)),
  );
}

async function describe(kernel: MeteredKernel['kernel']): Promise<Described> {
  return { info: await kernel.info(), tables: await kernel.tables() };
}

async function benchOne(program: BenchProgram, described: Described, options: BenchOptions): Promise<ProgramFigures> {
  const { native } = options;
  const { name } = program;
  const onWasm = await measureBuild('wasm', startWasm(options), program, options);
  const onNative =
    native === undefined ? undefined : await measureBuild('native', nativeKernel(native), program, options);
  const figures = programFigures(program, described, onWasm, onNative);
  // Said at once: a whole benchmark takes minutes, and may be interrupted.
  const { wasm, ratio } = figures;
  const compared = ratio === null ? '' : `, ${ratio} of native`;
  options.onStep(
    `${name}: ${wasm.cyclesPerSecondPerThread} cycles/s, ${wasm.cyclesPerCpuSecond ?? '-'} a CPU second${compared}`,
  );
  return figures;
}

function measureBuild(
  build: string,
  metered: MeteredKernel,
  program: BenchProgram,
  { segmentCycles, signal, onStep }: BenchOptions,
): Promise<Measurement> {
  const step = (name: string) => onStep(`${program.name} ${build}: ${name}`);
  return withKernel(metered, () => measure(metered, program, { segmentCycles, signal, onStep: step }));
}

function startWasm({ wasm }: BenchOptions): MeteredKernel {
  return wasmKernel(wasm === undefined ? {} : { binaryPath: wasm });
}

async function withKernel<T>(metered: MeteredKernel, work: (metered: MeteredKernel) => Promise<T>): Promise<T> {
  try {
    return await work(metered);
  } finally {
    metered.close();
  }
}

/** The figures of a program from what its builds did. */
export function programFigures(
  { name }: BenchProgram,
  { info, tables }: Described,
  onWasm: Measurement,
  onNative?: Measurement,
): ProgramFigures {
  const segment = proofOf(tables, 'segment');
  const cycles = Number(onWasm.statement.cycles);
  const cells = onWasm.logHeights.reduce((sum, heights) => sum + ldeCells(segment, heights), 0);
  const wasm = buildFigures(onWasm);
  const native = onNative ? buildFigures(onNative) : null;
  return {
    name,
    cycles,
    segments: onWasm.statement.segments,
    ldeCellsPerCycle: round(cells / cycles, 1),
    totalWidth: Math.max(...onWasm.logHeights.map((heights) => openedWidth(segment, heights))),
    emulatorMHz: wasm.emulatorMHz,
    wasm,
    native,
    ratio: native && round(ratio(wasm, native), 3),
    bytesIdentical: onNative ? onNative.proofsDigest === onWasm.proofsDigest : null,
    permutationsPerVerifiedSegment: permutationsPerSegment(
      segment,
      onWasm.logHeights[0] ?? [],
      hashingParametersOf(info.proofParameters),
    ),
  };
}

function buildFigures(made: Measurement): BuildFigures {
  const { statement, proofMs, proofCpuMs, phasesMs, peakBytes } = made;
  const rate = (ms: number) => round((Number(statement.cycles) * MS_PER_SECOND) / ms, 0);
  return {
    target: made.target,
    cyclesPerSecondPerThread: rate(proofMs),
    cyclesPerCpuSecond: proofCpuMs === undefined ? null : rate(proofCpuMs),
    emulatorMHz: round(made.emulatorMHz, 1),
    setupMs: round(made.setupMs, 0),
    phasesMs: Object.fromEntries(Object.entries(phasesMs).map(([phase, ms]) => [phase, round(ms, 0)])),
    peakMiB: peakBytes === undefined ? null : round(peakBytes / MIB, 0),
    verifyMs: round(made.verifyMs, 1),
    segmentProofBytes: made.segmentProofBytes,
  };
}

function ratio(wasm: BuildFigures, native: BuildFigures): number {
  if (wasm.cyclesPerCpuSecond !== null && native.cyclesPerCpuSecond !== null) {
    return wasm.cyclesPerCpuSecond / native.cyclesPerCpuSecond;
  }
  return wasm.cyclesPerSecondPerThread / native.cyclesPerSecondPerThread;
}

/** Figures of different machines, or of a busy one, do not compare. */
function machineFacts([load = 0]: readonly number[]): Readonly<Record<string, unknown>> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    threads: availableParallelism(),
    loadBefore: round(load, 1),
    arch: process.arch,
    node: process.version,
  };
}
