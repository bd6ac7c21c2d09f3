import { Clock } from '../../src/lifecycle/clock.js';
import { Timers, type CancelTimer } from '../../src/lifecycle/timers.js';
import { Defer } from '../../src/coordinator/jobs/defer.js';
import type { EventQueue } from './event-queue.js';

/** Unix milliseconds at the start of a simulation. */
const EPOCH_MS = 1_700_000_000_000;

/**
 * One life of one simulated process: its clocks, timers and turns of the event loop. After `kill` nothing it had
 * asked for happens any more, as with a process that was killed.
 */
export class Host {
  alive = true;
  /** What the wall clock is off by; leases must not mind. */
  skewMs = 0;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly defer: Defer;

  constructor(readonly queue: EventQueue) {
    this.clock = new HostClock(this);
    this.timers = new HostTimers(this);
    this.defer = new HostDefer(this);
  }

  kill(): void {
    this.alive = false;
  }

  /** Runs the task later, if the process still lives then. */
  after(delayMs: number, task: () => void): CancelTimer {
    return this.queue.after(delayMs, () => {
      if (this.alive) task();
    });
  }
}

class HostClock extends Clock {
  constructor(private readonly host: Host) {
    super();
  }

  override monotonicMs(): number {
    return this.host.queue.nowMs;
  }

  override attentiveMs(): number {
    return this.host.queue.nowMs;
  }

  override wallMs(): number {
    return EPOCH_MS + this.host.queue.nowMs + this.host.skewMs;
  }
}

class HostTimers extends Timers {
  constructor(private readonly host: Host) {
    super();
  }

  override after(delayMs: number, task: () => void): CancelTimer {
    return this.host.after(delayMs, task);
  }

  override every(intervalMs: number, task: () => void): CancelTimer {
    let cancel: CancelTimer = () => undefined;
    let stopped = false;
    const next = () => {
      cancel = this.host.after(intervalMs, () => {
        task();
        if (!stopped) next();
      });
    };
    next();
    return () => {
      stopped = true;
      cancel();
    };
  }
}

class HostDefer extends Defer {
  constructor(private readonly host: Host) {
    super();
  }

  override run(task: () => void): void {
    this.host.after(0, task);
  }
}
