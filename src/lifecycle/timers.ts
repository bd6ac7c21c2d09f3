/** Takes a timer back; calling it again, or after the timer has fired, does nothing. */
export type CancelTimer = () => void;

/** The one place that starts timers, so that tests can drive them and a stop can end them all. */
export abstract class Timers {
  /** Runs `task` once, `delayMs` milliseconds from now. */
  abstract after(delayMs: number, task: () => void): CancelTimer;
  /** Runs `task` every `intervalMs` milliseconds, the first time after one interval. */
  abstract every(intervalMs: number, task: () => void): CancelTimer;
}

/** Node's longest timer; a longer delay would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Node's timers. */
export class SystemTimers extends Timers {
  override after(delayMs: number, task: () => void): CancelTimer {
    const timer = setTimeout(task, Math.min(delayMs, MAX_DELAY_MS));
    return () => clearTimeout(timer);
  }

  override every(intervalMs: number, task: () => void): CancelTimer {
    const timer = setInterval(task, Math.min(intervalMs, MAX_DELAY_MS));
    return () => clearInterval(timer);
  }
}
