import { monitorEventLoopDelay } from 'node:perf_hooks';
import { rounded, type Spread } from './figures.js';

/** What a process has used since it was last asked. */
export interface Usage {
  /** User and system time of all its threads. */
  readonly cpuMs: number;
  readonly eventLoop: Spread;
  /** Largest resident memory so far. */
  readonly peakMemoryMiB: number;
}

/** How often the event loop is looked at. */
const RESOLUTION_MS = 10;
const NANOS_PER_MS = 1_000_000;
const MICROS_PER_MS = 1_000;
const KIB_PER_MIB = 1_024;

/** In a process that was started with a channel to its parent: answers each question of it. */
export function reportUsage(): void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let before = process.cpuUsage();
  process.on('message', () => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    const late = (nanos: number) => rounded(Math.max(0, nanos / NANOS_PER_MS - RESOLUTION_MS));
    const eventLoop = {
      p50Ms: late(delays.percentile(50)),
      p99Ms: late(delays.percentile(99)),
      maxMs: late(delays.max),
    };
    delays.reset();
    const peakMemoryMiB = Math.round(process.resourceUsage().maxRSS / KIB_PER_MIB);
    process.send?.({ cpuMs: (user + system) / MICROS_PER_MS, eventLoop, peakMemoryMiB } satisfies Usage);
  });
  // The channel alone keeps nobody running.
  process.channel?.unref();
}
