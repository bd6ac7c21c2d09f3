import type { Timers } from './timers.js';

/** Resolves after so many milliseconds, or as soon as the signal fires. */
export function pause(timers: Timers, delayMs: number, signal: AbortSignal): Promise<void> {
  if (delayMs === 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = timers.after(delayMs, () => {
      signal.removeEventListener('abort', end);
      resolve();
    });
    const end = () => {
      cancel();
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
  });
}
