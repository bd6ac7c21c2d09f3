/** How fast a store takes work: tasks claimed and completed, each fenced, and the transactions that took. */
export interface StoreRate {
  readonly store: 'memory' | 'sqlite';
  readonly tasksPerSecond: number;
  /** Each is one sync to disk where the store has one. */
  readonly commitsPerSecond: number;
}

/** Time from a task being ready to an idle prover having received it, over a real connection. */
export interface DispatchFigures {
  readonly samples: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
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

export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Milliseconds since the Unix epoch with fractions: comparable between processes of one machine. */
export function preciseWallMs(): number {
  return performance.timeOrigin + performance.now();
}
