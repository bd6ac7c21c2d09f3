import type { Kernel } from '../kernel/kernel.js';
import type { MeteredKernel } from './metered-kernel.js';
import { PartTimes } from './parts.js';
import { measureTwoThreads } from './two-threads.js';

const PROGRAM = { name: 'fake', elf: new Uint8Array([1]), input: new Uint8Array(), cycles: 100 };
const STATEMENT = { cycles: 100n, segments: 1 };

/** Two kernels on one clock: a proof takes `alone` ms by itself, and `beside` while the other proves too. */
function fakePair(alone: number, beside: number, cpuOf: (ms: number) => number | undefined) {
  const clock = { ms: 0, cpuMs: 0, proving: 0 };
  const proven: number[] = [];
  const prove = async ({ segment }: { segment: number }) => {
    clock.proving += 1;
    await Promise.resolve();
    const [isTogether, isFirst] = [clock.proving > 1, proven.length % 2 === 0];
    proven.push(segment);
    const ms = isTogether ? beside : alone;
    // Both run in the same stretch of time.
    if (!isTogether || isFirst) clock.ms += ms;
    clock.cpuMs += cpuOf(ms) ?? 0;
    await Promise.resolve();
    clock.proving -= 1;
    return { segment, proof: new Uint8Array(), logHeights: [] };
  };
  const kernel = {
    plan: () => Promise.resolve({ outcome: 'halted', statement: STATEMENT }),
    contribute: () =>
      Promise.resolve([0, 1].map((segment) => ({ segment, commitment: new Uint8Array(32).fill(segment) }))),
    prove,
  } as unknown as Kernel;
  const metered: MeteredKernel = {
    kernel,
    parts: new PartTimes(),
    target: () => 'fake',
    cpuMs: () => (cpuOf(0) === undefined ? undefined : clock.cpuMs),
    peakBytes: () => undefined,
    close: () => undefined,
  };
  return { pair: [metered, metered] as const, proven, nowMs: () => clock.ms };
}

describe('two threads', () => {
  const measure = async (fake: ReturnType<typeof fakePair>) => {
    const options = { segmentCycles: 9, signal: new AbortController().signal, onStep: () => undefined };
    return measureTwoThreads(fake.pair, PROGRAM, { ...options, nowMs: fake.nowMs });
  };

  it('are twice as fast as one where they do not slow each other down', async () => {
    const fake = fakePair(50, 50, (ms) => ms);
    await expect(measure(fake)).resolves.toEqual({ ratio: 2, cpuRatio: 2 });
    // The warm-up, then one and two in turns; always segment 1.
    expect(fake.proven).toEqual(Array.from({ length: 8 }, () => 1));
  });

  it('are as much slower as a proof beside another is', async () => {
    await expect(measure(fakePair(50, 62.5, (ms) => ms))).resolves.toEqual({ ratio: 1.6, cpuRatio: 1.6 });
  });

  it('have no rate by CPU time where the system does not tell', async () => {
    await expect(measure(fakePair(50, 100, () => undefined))).resolves.toEqual({ ratio: 1, cpuRatio: null });
  });
});
