import { setTimeout as sleep } from 'node:timers/promises';
import { HealthClient } from '../../wire/generated/grpc/health/v1/health.js';
import { soon, targetOf } from '../../client/channel.js';
import { mapBounded } from '../../lifecycle/map-bounded.js';
import { preciseWallMs, rounded, spreadOf, type ScaleFigures, type Spread } from './figures.js';
import { SimulatedNetwork } from './simulated-network.js';

/** What is to be measured. */
export interface Scale {
  readonly provers: number;
  /** Of each job, without the boundary. */
  readonly segments: number;
  readonly jobs: number;
  /** How long a prover takes for each segment proof, in milliseconds. */
  readonly proofMs: number;
}

/** Provers that share a connection, as behind a proxy; and clients that wait for their jobs at once. */
const PER_CONNECTION = 25;
const CLIENTS = 64;
const HEALTH_PAUSE_MS = 50;

/** What the product promises of itself on a two-core machine. */
const BARS = { eventLoopMs: 100, heartbeatP99Ms: 50, memoryMiB: 600, cpuPerResultMs: 1 };

/** Runs jobs on a real coordinator with simulated provers, and says what that cost the coordinator. */
export async function measureScale(scale: Scale, signal: AbortSignal): Promise<ScaleFigures> {
  const { provers, segments, jobs, proofMs } = scale;
  const times = { contribute: 0, prove: proofMs, aggregate: 0 };
  const network = await SimulatedNetwork.start(provers, times, PER_CONNECTION);
  const ended = new AbortController();
  try {
    const health = healthDelays(network.url, ended.signal);
    await network.usage();
    const startMs = preciseWallMs();
    await mapBounded(
      Array.from({ length: jobs }, () => segments),
      CLIENTS,
      (count) => network.run(count, signal),
    );
    const wallMs = preciseWallMs() - startMs;
    const { cpuMs, eventLoop, peakMemoryMiB } = await network.usage();
    ended.abort();
    const results = network.provers.reduce((sum, { busy }) => sum + busy.length, 0);
    const given = network.provers.reduce((sum, { assignmentsReceived }) => sum + assignmentsReceived, 0);
    const bytes = network.provers.reduce((sum, { assignmentBytes }) => sum + assignmentBytes, 0);
    const figures = {
      provers,
      segments,
      jobs,
      results,
      eventLoop,
      peakMemoryMiB,
      wallMs: Math.round(wallMs),
      jobsPerSecond: rounded((1_000 * jobs) / wallMs),
      cpuPerResultMs: rounded(cpuMs / results),
      heartbeat: spreadOfAny(network.provers.flatMap(({ heartbeatMs }) => heartbeatMs)),
      health: spreadOf(await health),
      dispatch: spreadOfAny(network.provers.flatMap(({ dispatchMs }) => dispatchMs)),
      bytesPerAssignment: Math.round(bytes / given),
    };
    return { ...figures, bars: barsMet(figures) };
  } finally {
    ended.abort();
    await network.stop();
  }
}

function spreadOfAny(samples: readonly number[]): Spread | null {
  return samples.length > 0 ? spreadOf(samples) : null;
}

function barsMet(figures: Omit<ScaleFigures, 'bars'>): Record<string, boolean> {
  return {
    eventLoop: figures.eventLoop.maxMs < BARS.eventLoopMs,
    heartbeat: (figures.heartbeat?.p99Ms ?? 0) < BARS.heartbeatP99Ms,
    memory: figures.peakMemoryMiB < BARS.memoryMiB,
    cpuPerResult: figures.cpuPerResultMs < BARS.cpuPerResultMs,
  };
}

/** How long health checks take, one after the other until the signal says that it is enough. */
async function healthDelays(url: string, signal: AbortSignal): Promise<number[]> {
  const { address, credentials, options } = targetOf(url);
  const client = new HealthClient(address, credentials, options);
  const delays: number[] = [];
  while (!signal.aborted) {
    const startMs = preciseWallMs();
    await new Promise<void>((resolve, reject) => {
      client.check({ service: '' }, ...soon(), (error) => (error ? reject(error) : resolve()));
    });
    delays.push(preciseWallMs() - startMs);
    await sleep(HEALTH_PAUSE_MS);
  }
  client.close();
  return delays;
}
