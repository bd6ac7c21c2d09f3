/**
 * Reads time. Durations use the monotonic clock; what judges others by their silence uses the attentive one; the wall
 * clock is for showing and for records.
 */
export abstract class Clock {
  /** Milliseconds since some fixed moment of this process; never goes back. */
  abstract monotonicMs(): number;
  /**
   * Like {@link monotonicMs}, but time in which this process could not have heard anybody hardly counts: leases,
   * silence and grace are measured by it.
   */
  abstract attentiveMs(): number;
  /** Milliseconds since the Unix epoch; may jump. */
  abstract wallMs(): number;
}

export class SystemClock extends Clock {
  private readonly attention = new Attention(() => this.monotonicMs());

  constructor() {
    super();
    setInterval(() => this.attention.tick(), TICK_MS).unref();
  }

  override monotonicMs(): number {
    return performance.now();
  }

  override attentiveMs(): number {
    return this.attention.nowMs();
  }

  override wallMs(): number {
    return Date.now();
  }
}

const TICK_MS = 250;
/** What one stall of the event loop counts at most, however long it was: a stopped process, a long computation. */
const LONGEST_STEP_MS = 2 * TICK_MS;

/**
 * Counts the time between ticks of the event loop, but no more than {@link LONGEST_STEP_MS} for each. Timers run before
 * waiting bytes are read: without this, the first timer after a stall would find everybody silent.
 */
export class Attention {
  private heardMs = 0;
  private tickedMs: number;

  constructor(private readonly monotonicMs: () => number) {
    this.tickedMs = monotonicMs();
  }

  /** To be called every {@link TICK_MS}. */
  tick(): void {
    const nowMs = this.monotonicMs();
    this.heardMs += Math.min(nowMs - this.tickedMs, LONGEST_STEP_MS);
    this.tickedMs = nowMs;
  }

  nowMs(): number {
    return this.heardMs + Math.min(this.monotonicMs() - this.tickedMs, LONGEST_STEP_MS);
  }
}
