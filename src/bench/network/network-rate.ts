import { unionMs } from '../../domain/job/report.js';
import { preciseWallMs, rounded, spreadOf, type DispatchFigures, type OverheadFigures } from './figures.js';
import { SimulatedNetwork } from './simulated-network.js';

/** Jobs whose dispatch is measured, one after the other; each gives two samples. */
const DISPATCHED_JOBS = 250;
const WARM_UP_JOBS = 25;

/** From ready to received, with a prover that waits for work. */
export async function measureDispatch(signal: AbortSignal): Promise<DispatchFigures> {
  const network = await SimulatedNetwork.start(1, { contribute: 0, prove: 0, aggregate: 0 });
  try {
    const [prover] = network.provers;
    for (let job = 0; job < WARM_UP_JOBS; job += 1) await network.run(1, signal);
    prover?.dispatchMs.splice(0);
    for (let job = 0; job < DISPATCHED_JOBS; job += 1) await network.run(1, signal);
    const samples = prover?.dispatchMs ?? [];
    return { samples: samples.length, ...spreadOf(samples) };
  } finally {
    await network.stop();
  }
}

/** Tasks of each kind that one prover does in a simulated job; with these times they take it ten seconds. */
const TASKS_EACH = 5;
const TIMES = { contribute: 200, prove: 1_700, aggregate: 500 };

/** What a ten-second job of so many provers takes besides their work. */
export async function measureOverhead(provers: number, signal: AbortSignal): Promise<OverheadFigures> {
  const network = await SimulatedNetwork.start(provers, TIMES);
  try {
    await network.run(1, signal);
    for (const { busy } of network.provers) busy.splice(0);
    const startMs = preciseWallMs();
    // The boundary is a task like a segment.
    await network.run(provers * TASKS_EACH - 1, signal);
    const wallMs = preciseWallMs() - startMs;
    const busyMs = unionMs(network.provers.flatMap(({ busy }) => busy));
    return overheadOf(provers, wallMs, wallMs - busyMs);
  } finally {
    await network.stop();
  }
}

export function overheadOf(provers: number, wallMs: number, overheadMs: number): OverheadFigures {
  const overheadPercent = rounded((overheadMs / wallMs) * 100);
  return { provers, wallMs: Math.round(wallMs), overheadMs: Math.round(overheadMs), overheadPercent };
}
