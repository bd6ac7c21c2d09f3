/** How fast a store takes work: tasks claimed and completed, each fenced, and the transactions that took. */
export interface StoreRate {
  readonly store: 'memory' | 'sqlite';
  readonly tasksPerSecond: number;
  /** Each is one sync to disk where the store has one. */
  readonly commitsPerSecond: number;
}

/** Time from a task being ready to an idle prover having received it, over a real connection. */
export interface DispatchFigures extends Spread {
  readonly samples: number;
}

/** A job's time that no prover worked in. */
export interface OverheadFigures {
  readonly provers: number;
  readonly wallMs: number;
  readonly overheadMs: number;
  readonly overheadPercent: number;
}

/** A job with real proofs. */
export interface RealFigures extends OverheadFigures {
  readonly job: string;
}

/** What latencies or delays came to, in milliseconds. */
export interface Spread {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** What a coordinator costs that has many provers, many segments, or many jobs. */
export interface ScaleFigures {
  readonly provers: number;
  /** Of each job, without the boundary. */
  readonly segments: number;
  readonly jobs: number;
  /** Tasks that were done. */
  readonly results: number;
  /** From the first submission to the end of the last job. */
  readonly wallMs: number;
  readonly jobsPerSecond: number;
  /** CPU time of the coordinator in that time, for each result. */
  readonly cpuPerResultMs: number;
  /** How late the coordinator's event loop was. */
  readonly eventLoop: Spread;
  /** From a heartbeat being sent to its being received; null where none was due. */
  readonly heartbeat: Spread | null;
  /** A health check over a connection of its own. */
  readonly health: Spread;
  /** From a phase being ready to the first assignment of a prover that was idle; null where none was. */
  readonly dispatch: Spread | null;
  readonly bytesPerAssignment: number;
  /** Largest resident memory of the coordinator. */
  readonly peakMemoryMiB: number;
  /** Whether each bar is met, by its name. */
  readonly bars: Readonly<Record<string, boolean>>;
}

export interface NetworkFigures {
  readonly stores: readonly StoreRate[];
  readonly dispatch: DispatchFigures;
  readonly simulated: readonly OverheadFigures[];
  /** The job of `npm run demo`, and a longer one. */
  readonly real: readonly RealFigures[];
  /** Whether each bar is met, by its name. */
  readonly bars: Readonly<Record<string, boolean>>;
}

/** The value below which this fraction of the samples lies. @throws RangeError without samples */
export function percentile(samples: readonly number[], fraction: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))];
  if (value === undefined) throw new RangeError('there are no samples');
  return value;
}

/** @throws RangeError without samples */
export function spreadOf(samples: readonly number[]): Spread {
  const [p50Ms = 0, p99Ms = 0, maxMs = 0] = [0.5, 0.99, 1].map((part) => rounded(percentile(samples, part)));
  return { p50Ms, p99Ms, maxMs };
}

export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Milliseconds since the Unix epoch with fractions: comparable between processes of one machine. */
export function preciseWallMs(): number {
  return performance.timeOrigin + performance.now();
}
