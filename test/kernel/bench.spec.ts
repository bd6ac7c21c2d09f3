import { programFigures } from '../../src/bench/bench.js';
import { measure, type Measurement } from '../../src/bench/measure.js';
import { nativeKernel, wasmKernel, type MeteredKernel } from '../../src/bench/metered-kernel.js';
import { findNativeKernel, NATIVE_KERNEL_VARIABLE } from '../../src/bench/native-kernel.js';
import { recordedProgram } from '../../src/bench/programs.js';
import type { KernelInfo, KernelTables } from '../../src/kernel/kernel.types.js';

const THREAD_ENTRY = new URL('../../dist/kernel/threads/kernel.worker.js', import.meta.url);
const PROVE_MS = 120_000;
const program = recordedProgram('fibonacci', 'fibonacci-1000');
const native = findNativeKernel(process.env);

const started: MeteredKernel[] = [];

function start(metered: MeteredKernel): MeteredKernel {
  started.push(metered);
  return metered;
}

function run(metered: MeteredKernel): Promise<Measurement> {
  const signal = new AbortController().signal;
  return measure(metered, program, { segmentCycles: 65_535, signal, onStep: () => undefined });
}

afterAll(() => started.forEach(({ close }) => close()));

describe('the benchmark on one short program', () => {
  let described: { info: KernelInfo; tables: KernelTables };
  let onWasm: Measurement;

  beforeAll(async () => {
    const wasm = start(wasmKernel({ threadEntry: THREAD_ENTRY }));
    described = { info: await wasm.kernel.info(), tables: await wasm.kernel.tables() };
    onWasm = await run(wasm);
  }, PROVE_MS);

  it('reads tables and security off the kernel', () => {
    const { proofs, security, securityBits } = described.tables;
    expect(proofs.map(({ proof }) => proof)).toEqual(['segment', 'boundary']);
    expect(securityBits).toBe(Math.min(...security.map(({ bits }) => bits)));
    expect(securityBits).toBeGreaterThanOrEqual(100);
    expect(securityBits).toBe(described.info.securityBits);
  });

  it('measures the recorded run and stays within the bounds of width and proof size', () => {
    const figures = programFigures(program, described, onWasm);
    expect(figures).toMatchObject({ cycles: 11_060, segments: 1, native: null, ratio: null, bytesIdentical: null });
    const { wasm } = figures;
    for (const value of [wasm.cyclesPerSecondPerThread, wasm.emulatorMHz, wasm.verifyMs]) expect(value).toBeGreaterThan(0);
    expect(wasm.segmentProofBytes).toBeLessThanOrEqual(1.5 * 2 ** 20);
    expect(wasm.peakMiB).toBeLessThanOrEqual(1024);
  });

  it('accounts for the time of the proofs by part', () => {
    const { prove = 0, contribute = 0, ...parts } = onWasm.phasesMs;
    const beginAndEnd = ['execute', 'trace', 'answerQueries', 'other'];
    const commitments = ['extendMain', 'hashMain', 'extendAuxiliary', 'hashAuxiliary', 'extendQuotient', 'hashQuotient'];
    const openings = ['evaluateOpenings', 'combineOpenings', 'foldOpenings', 'grind'];
    const expected = [...beginAndEnd, 'auxiliaryColumns', 'constraints', ...commitments, ...openings];
    expect(Object.keys(parts).sort()).toEqual(expected.sort());
    const sum = Object.values(parts).reduce((a, b) => a + b, 0);
    expect(sum / prove).toBeCloseTo(1, 2);
    expect(contribute + prove).toBeCloseTo(onWasm.proofMs, 3);
  });

  // Skipped where no native kernel is built: docs/performance.md says how.
  /* oxlint-disable jest/no-standalone-expect -- `withNative` is `it` under another name */
  const withNative = native === undefined ? it.skip : it;
  withNative(
    `native and WASM bytes identical (needs the native kernel: docs/performance.md, ${NATIVE_KERNEL_VARIABLE})`,
    async () => {
      const onNative = await run(start(nativeKernel(native ?? '')));
      expect(onNative.proofsDigest).toBe(onWasm.proofsDigest);
      expect(onNative.logHeights).toEqual(onWasm.logHeights);
      expect(onNative.statement).toEqual(onWasm.statement);
    },
    PROVE_MS,
  );
});
