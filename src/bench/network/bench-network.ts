import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PRODUCT_ROOT } from '../../config/product.js';
import type { NetworkFigures, OverheadFigures } from './figures.js';
import { measureDispatch, measureOverhead, overheadOf } from './network-rate.js';
import { storeRates } from './store-rate.js';

export interface BenchNetworkOptions {
  /** Whether the demo's job is proven for real too: that takes most of the time. */
  readonly real: boolean;
  readonly signal: AbortSignal;
  /** Takes lines about what is being done. */
  readonly onStep: (step: string) => void;
}

const SIMULATED_PROVERS = [1, 8, 32];
const DEMO = join(PRODUCT_ROOT, 'dist', 'demo', 'main.js');

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
  if (real) onStep('the demo, proven for real');
  const measured = { stores, dispatch, simulated, real: real ? await demoOverhead(signal) : null };
  return { ...measured, bars: barsMet(measured) };
}

function barsMet({ stores, dispatch, simulated, real }: Omit<NetworkFigures, 'bars'>): Record<string, boolean> {
  const sqlite = stores.find(({ store }) => store === 'sqlite');
  return {
    dispatchP50: dispatch.p50Ms < BARS.dispatchP50Ms,
    dispatchP99: dispatch.p99Ms < BARS.dispatchP99Ms,
    overhead: simulated.every(({ overheadPercent }) => overheadPercent < BARS.overheadPercent),
    // The demo's job is shorter, and what it costs besides proving does not depend on its length.
    realOverhead: real === null || 100 * real.overheadMs < BARS.overheadPercent * BARS.jobMs,
    sqliteTasks: (sqlite?.tasksPerSecond ?? 0) >= BARS.sqliteTasksPerSecond,
  };
}

/** The demo says itself what of its time no prover worked in. */
async function demoOverhead(signal: AbortSignal): Promise<OverheadFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'proofloom-bench-'));
  try {
    const args = [DEMO, '--json', '--out', join(folder, 'demo.plm')];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, signal });
    const said = JSON.parse(stdout) as { wallMs: number; overheadMs: number; segmentsByProver: readonly unknown[] };
    return overheadOf(said.segmentsByProver.length, said.wallMs, said.overheadMs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
