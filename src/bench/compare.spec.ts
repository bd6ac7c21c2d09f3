import type { BenchFigures, BuildFigures, ProgramFigures } from './bench.js';
import { SavedFigures } from './compare.js';

const BUILD: BuildFigures = {
  target: 'wasm32 with SIMD',
  cyclesPerSecondPerThread: 10_000,
  cyclesPerCpuSecond: 11_000,
  emulatorMHz: 80,
  setupMs: 900,
  phasesMs: { prove: 20_000, hashMain: 5000 },
  peakMiB: 500,
  verifyMs: 100,
  segmentProofBytes: 1_250_000,
};

function program(name: string, wasm: Partial<BuildFigures> = {}, rest: Partial<ProgramFigures> = {}): ProgramFigures {
  return {
    name,
    cycles: 220_653,
    segments: 1,
    totalWidth: 921,
    ldeCellsPerCycle: 261,
    emulatorMHz: 80,
    wasm: { ...BUILD, ...wasm },
    native: null,
    ratio: null,
    bytesIdentical: null,
    permutationsPerVerifiedSegment: { unshared: 62_830, shared: 44_610 },
    ...rest,
  };
}

function figures(programs: readonly ProgramFigures[], rest: Partial<BenchFigures> = {}): BenchFigures {
  return {
    kernel: {
      version: '0.1.0',
      proofParameters: 'p',
      proofFormat: 4,
      tablesRevision: 1,
      sourceDigest: 'ab',
      binaryDigest: 'cd',
      minSegmentCycles: 1,
      maxSegmentCycles: 262_144,
      securityBits: 101.5,
    },
    machine: { cpu: 'Example', threads: 2, loadBefore: 0.1, arch: 'x64', node: 'v24.0.0' },
    segmentCycles: 262_143,
    programs,
    totalWidth: 921,
    permutationsPerVerifiedSegment: { unshared: 62_830, shared: 44_610 },
    securityBits: 101.5,
    twoThreads: null,
    ...rest,
  };
}

const saved = (run: BenchFigures) => SavedFigures.parse(JSON.stringify(run));

describe('a run compared with a saved one', () => {
  it('has every figure of both, before, after and their ratio', () => {
    const before = figures([program('fibonacci', { phasesMs: { prove: 20_000, gone: 7 } })]);
    const after = figures([
      program('fibonacci', { verifyMs: 60, peakMiB: null, phasesMs: { prove: 10_000, hashMain: 1 } }),
    ]);
    const { differences, programs } = saved(before).compare(after);
    expect(differences).toEqual([]);
    const [fibonacci] = programs;
    expect(fibonacci?.name).toBe('fibonacci');
    const figure = (name: string) => fibonacci?.figures.find((one) => one.figure === name);
    expect(figure('wasm.verifyMs')).toEqual({ figure: 'wasm.verifyMs', before: 100, after: 60, ratio: 0.6 });
    expect(figure('wasm.phasesMs.prove')).toMatchObject({ before: 20_000, after: 10_000, ratio: 0.5 });
    expect(figure('wasm.phasesMs.hashMain')).toMatchObject({ before: null, after: 1, ratio: null });
    expect(figure('wasm.phasesMs.gone')).toMatchObject({ before: 7, after: null, ratio: null });
    expect(figure('wasm.peakMiB')).toMatchObject({ before: 500, after: null });
    expect(figure('permutationsPerVerifiedSegment.shared')).toMatchObject({ before: 44_610, after: 44_610, ratio: 1 });
  });

  it('has the figures of the kernel apart, and no ratio to zero', () => {
    const before = figures([], { totalWidth: 0 });
    const after = figures([], { totalWidth: 900, twoThreads: { ratio: 1.92, cpuRatio: 1.95 } });
    const { kernel } = saved(before).compare(after);
    expect(kernel).toContainEqual({ figure: 'totalWidth', before: 0, after: 900, ratio: null });
    expect(kernel).toContainEqual({ figure: 'twoThreads.ratio', before: null, after: 1.92, ratio: null });
    expect(kernel.map(({ figure }) => figure)).not.toContain('segmentCycles');
  });

  it('says what makes the runs unlike', () => {
    const before = figures([program('fibonacci'), program('headers')]);
    const machine = { ...before.machine, cpu: 'Other', loadBefore: 3 };
    const now = [program('fibonacci', {}, { cycles: 5 }), program('muldiv-heavy')];
    const { differences, programs } = saved(before).compare(figures(now, { machine, segmentCycles: 65_535 }));
    expect(differences).toEqual([
      'cpu: Example before, Other now',
      'load of the machine: 0.1 before, 3 now',
      'segment size: 262143 cycles before, 65535 now',
      'headers: measured before alone',
      'fibonacci: 220653 cycles before, 5 now',
      'muldiv-heavy: measured now alone',
    ]);
    expect(programs.map(({ name }) => name)).toEqual(['fibonacci']);
  });

  it('does not take facts that an older run lacks for equal', () => {
    const older = SavedFigures.parse('{"machine":{},"programs":[]}');
    const { differences } = older.compare(figures([]));
    expect(differences).toContain('cpu: unknown before, Example now');
    expect(differences).toContain('load of the machine: unknown before, 0.1 now');
  });

  it.each([
    ['', 'JSON'],
    ['[]', 'machine and programs are missing'],
    ['null', 'machine and programs are missing'],
    ['{"machine":{}}', 'machine and programs are missing'],
    ['{"machine":[],"programs":[]}', 'machine and programs are missing'],
    ['{"machine":{},"programs":[3]}', 'a program has no name'],
  ])('refuses %j', (text, why) => expect(() => SavedFigures.parse(text)).toThrow(why));
});
