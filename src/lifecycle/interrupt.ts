/**
 * Copies of one Ctrl-C come this close together: the terminal sends it to the whole process group, and launchers (ours
 * on old hosts, npm, npx) forward what they were sent. Nobody presses twice within that time.
 */
const COPIES_MS = 300;

/** Where signals come from; `process`. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
}

/**
 * The first signal asks the command to stop; a later one, which is no copy of the first, ends it without waiting.
 * @param signals those that mean this
 * @param end ends the program at once
 * @param nowMs milliseconds on a monotonic clock
 * @returns aborted by the first signal
 */
export function onInterrupt(
  source: SignalSource,
  signals: readonly NodeJS.Signals[],
  end: () => void,
  nowMs: () => number,
): AbortSignal {
  const interrupt = new AbortController();
  let firstMs = 0;
  const interrupted = () => {
    if (interrupt.signal.aborted) {
      if (nowMs() - firstMs > COPIES_MS) end();
      return;
    }
    firstMs = nowMs();
    interrupt.abort();
  };
  for (const signal of signals) source.on(signal, interrupted);
  return interrupt.signal;
}
