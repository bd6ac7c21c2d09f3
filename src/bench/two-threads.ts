import { KernelError } from '../kernel/kernel.error.js';
import type { MeasureOptions } from './measure.js';
import type { MeteredKernel } from './metered-kernel.js';
import { ProgramRun } from './program-run.js';
import type { BenchProgram } from './programs.js';
import { round } from './round.js';

/** Throughput of two kernel threads by that of one, each thread with an instance of its own, as a prover has them. */
export interface TwoThreads {
  /** By the clock. On two idle processors the most is 2. */
  readonly ratio: number;
  /**
   * By CPU time: 2 where a proof costs as much beside another as alone. What is missing was lost to shared memory and
   * caches; other load on the machine hardly counts.
   */
  readonly cpuRatio: number | null;
}

const RATIO_DIGITS = 3;
const ROUNDS = 2;
const THREADS = 2;

interface Cost {
  readonly ms: number;
  readonly cpuMs: number | undefined;
}

/**
 * Proves segment 1 of a program on one thread and then on two at once, in turns after a warm-up.
 * @param pair two WebAssembly kernels of this process, which does nothing else
 */
export async function measureTwoThreads(
  pair: readonly [MeteredKernel, MeteredKernel],
  program: BenchProgram,
  options: MeasureOptions,
): Promise<TwoThreads> {
  const { signal, segmentCycles } = options;
  const run = new ProgramRun(program, segmentCycles);
  const statement = await run.plan(pair[0].kernel, 'prove', { signal });
  const [, request] = run.requests(statement, await run.contribute(pair[0].kernel, statement, { signal }));
  if (!request) throw new KernelError('protocol', 'the kernel planned a run without segments');
  const prove = ({ kernel }: MeteredKernel) => kernel.prove(request, { signal });
  const together = () => Promise.all(pair.map(prove));
  options.onStep('warm up two threads');
  await together();
  const [alone, both]: [Cost[], Cost[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    options.onStep('prove on one thread');
    alone.push(await costOf(pair[0], () => prove(pair[0]), options));
    options.onStep('prove on two threads at once');
    both.push(await costOf(pair[0], together, options));
  }
  return ratios(alone, both);
}

async function costOf(
  { cpuMs }: MeteredKernel,
  work: () => Promise<unknown>,
  { nowMs = () => performance.now() }: MeasureOptions,
): Promise<Cost> {
  const [begun, cpuBefore] = [nowMs(), cpuMs()];
  await work();
  const [ms, cpuAfter] = [nowMs() - begun, cpuMs()];
  return { ms, cpuMs: cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore };
}

/** The best of each, as other load only ever adds. */
export function ratios(alone: readonly Cost[], both: readonly Cost[]): TwoThreads {
  const least = (costs: readonly Cost[], of: (cost: Cost) => number | undefined) =>
    Math.min(...costs.map((cost) => of(cost) ?? Number.NaN));
  const wall = (THREADS * least(alone, ({ ms }) => ms)) / least(both, ({ ms }) => ms);
  // Two proofs cost twice the CPU time of one, whatever the clock says.
  const cpu = (THREADS * THREADS * least(alone, ({ cpuMs }) => cpuMs)) / least(both, ({ cpuMs }) => cpuMs);
  return { ratio: round(wall, RATIO_DIGITS), cpuRatio: Number.isNaN(cpu) ? null : round(cpu, RATIO_DIGITS) };
}
