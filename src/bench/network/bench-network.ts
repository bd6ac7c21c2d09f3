import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PRODUCT_ROOT } from '../../config/product.js';
import type { NetworkFigures, OverheadFigures, RealFigures } from './figures.js';
import { measureDispatch, measureOverhead, overheadOf } from './network-rate.js';
import { storeRates } from './store-rate.js';

export interface BenchNetworkOptions {
  /** Whether jobs are proven for real too: that takes most of the time. */
  readonly real: boolean;
  readonly signal: AbortSignal;
  /** Takes lines about what is being done. */
  readonly onStep: (step: string) => void;
}

const SIMULATED_PROVERS = [1, 8, 32];
const DEMO = join(PRODUCT_ROOT, 'dist', 'demo', 'main.js');
const GUESTS = join(PRODUCT_ROOT, 'guests');

/** Jobs that the demo's network proves for real, by what they are: its own, and one of some ten seconds. */
const REAL_JOBS: Readonly<Record<string, readonly string[]>> = {
  demo: [],
  'twelve headers, hashed in software': [
    ['--program', join(GUESTS, 'elf', 'headers-software.elf')],
    ['--input', join(GUESTS, 'inputs', 'headers-synthetic-12.rlp')],
    ['--segment-cycles', '65535'],
  ].flat(),
};

/** What the product promises of itself on a two-core machine; overhead is promised for jobs of this length. */
const BARS = { dispatchP50Ms: 5, dispatchP99Ms: 25, overheadPercent: 2, sqliteTasksPerSecond: 1_000, jobMs: 10_000 };

/** Measures orchestration alone: everything is real but the proving. */
export async function benchNetwork({ real, signal, onStep }: BenchNetworkOptions): Promise<NetworkFigures> {
  onStep('stores');
  const stores = await storeRates();
  onStep('dispatch');
  const dispatch = await measureDispatch(signal);
  const simulated: OverheadFigures[] = [];
  for (const provers of SIMULATED_PROVERS) {
    onStep(`a job of ten seconds on ${provers} simulated provers`);
    simulated.push(await measureOverhead(provers, signal));
  }
  const proven: RealFigures[] = [];
  for (const [job, args] of Object.entries(real ? REAL_JOBS : {})) {
    onStep(`${job}: proven for real`);
    proven.push({ job, ...(await demoOverhead(args, signal)) });
  }
  const measured = { stores, dispatch, simulated, real: proven };
  return { ...measured, bars: barsMet(measured) };
}

function barsMet({ stores, dispatch, simulated, real }: Omit<NetworkFigures, 'bars'>): Record<string, boolean> {
  const sqlite = stores.find(({ store }) => store === 'sqlite');
  return {
    dispatchP50: dispatch.p50Ms < BARS.dispatchP50Ms,
    dispatchP99: dispatch.p99Ms < BARS.dispatchP99Ms,
    overhead: simulated.every(({ overheadPercent }) => overheadPercent < BARS.overheadPercent),
    // A shorter job may take as long besides proving as one of that length.
    realOverhead: real.every(
      ({ wallMs, overheadMs }) => 100 * overheadMs < BARS.overheadPercent * Math.max(wallMs, BARS.jobMs),
    ),
    sqliteTasks: (sqlite?.tasksPerSecond ?? 0) >= BARS.sqliteTasksPerSecond,
  };
}

/** The demo says itself what of its time no prover worked in. */
async function demoOverhead(job: readonly string[], signal: AbortSignal): Promise<OverheadFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'proofloom-bench-'));
  try {
    const args = [DEMO, '--json', '--out', join(folder, 'demo.plm'), ...job];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, signal });
    const said = JSON.parse(stdout) as { wallMs: number; overheadMs: number; segmentsByProver: readonly unknown[] };
    return overheadOf(said.segmentsByProver.length, said.wallMs, said.overheadMs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
