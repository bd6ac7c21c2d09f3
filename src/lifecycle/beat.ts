import type { Random } from './random.js';
import type { CancelTimer, Timers } from './timers.js';

/** What a beat comes earlier than its interval at most, as a part of it. */
const JITTER = 0.1;

/**
 * Runs `task` again and again, at most `intervalMs` apart: the first time at a random moment of the first interval, and
 * each time up to a tenth earlier than due. Many that begin at once, after a restart, beat spread over the interval.
 */
export function beat(timers: Timers, random: Random, intervalMs: number, task: () => void): CancelTimer {
  let cancel: CancelTimer = () => undefined;
  const next = (delayMs: number): void => {
    cancel = timers.after(delayMs, () => {
      next(intervalMs * (1 - JITTER + JITTER * random.fraction()));
      task();
    });
  };
  next(intervalMs * random.fraction());
  return () => cancel();
}
