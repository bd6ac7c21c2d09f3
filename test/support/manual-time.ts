import { Clock } from '../../src/lifecycle/clock.js';
import { Random } from '../../src/lifecycle/random.js';
import { Timers, type CancelTimer } from '../../src/lifecycle/timers.js';

interface Pending {
  readonly atMs: number;
  readonly run: () => void;
}

/** Time that passes only when a test says so. Timers without a delay fire by themselves, as soon as the caller is done. */
export class ManualTime extends Timers {
  readonly clock: Clock;
  private nowMs = 0;
  private readonly pending = new Set<Pending>();

  constructor() {
    super();
    const now = () => this.nowMs;
    this.clock = new (class extends Clock {
      override monotonicMs = now;
      override attentiveMs = now;
      override wallMs = now;
    })();
  }

  override after(delayMs: number, task: () => void): CancelTimer {
    const entry = { atMs: this.nowMs + delayMs, run: task };
    this.pending.add(entry);
    if (delayMs === 0) queueMicrotask(() => this.fire(entry));
    return () => void this.pending.delete(entry);
  }

  override every(intervalMs: number, task: () => void): CancelTimer {
    let cancel: CancelTimer = () => undefined;
    const again = () => {
      cancel = this.after(intervalMs, again);
      task();
    };
    cancel = this.after(intervalMs, again);
    return () => cancel();
  }

  /** Lets time pass, and everything happen that is due by then, in order. */
  advance(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (let next = this.earliest(untilMs); next; next = this.earliest(untilMs)) {
      this.nowMs = next.atMs;
      this.fire(next);
    }
    this.nowMs = untilMs;
  }

  private earliest(untilMs: number): Pending | undefined {
    const due = [...this.pending].filter(({ atMs }) => atMs <= untilMs);
    return due.sort((a, b) => a.atMs - b.atMs)[0];
  }

  private fire(entry: Pending): void {
    if (this.pending.delete(entry)) entry.run();
  }
}

/** Always the same: waiting times are their ceilings, and ids count up. */
export class CountingRandom extends Random {
  private count = 0;

  override hex(bytes: number): string {
    this.count += 1;
    return this.count.toString(16).padStart(bytes * 2, '0');
  }

  override fraction(): number {
    return 1 - Number.EPSILON;
  }
}
