import type { ProverId } from '../../domain/ids.js';
import type { Clock } from '../../lifecycle/clock.js';

/** What a prover that comes and goes may say in so long; a prover that is restarted once or twice is told in full. */
const LINES = 8;
const WINDOW_MS = 60_000;

export type LineTurn =
  /** `leftOut`: lines of the prover that were left out before this one. */
  | { readonly kind: 'written'; readonly leftOut: number }
  /** The first that is left out. */
  | { readonly kind: 'last' }
  | { readonly kind: 'left_out' };

interface Window {
  readonly sinceMs: number;
  lines: number;
}

/** How many lines of the log one name may take: whoever registers again and again would else fill it. */
export class LineLimit {
  private readonly windows = new Map<ProverId, Window>();
  private prunedMs = 0;

  constructor(private readonly clock: Clock) {}

  /** Whether one more line of this prover is to be written, and what it has to say of others that are not. */
  take(prover: ProverId): LineTurn {
    const nowMs = this.clock.monotonicMs();
    this.prune(nowMs);
    const known = this.windows.get(prover);
    const isOver = known === undefined || nowMs - known.sinceMs >= WINDOW_MS;
    const window = isOver ? { sinceMs: nowMs, lines: 0 } : known;
    this.windows.set(prover, window);
    window.lines += 1;
    if (window.lines > LINES) return { kind: window.lines === LINES + 1 ? 'last' : 'left_out' };
    return { kind: 'written', leftOut: isOver ? Math.max(0, (known?.lines ?? 0) - LINES) : 0 };
  }

  /** Names that were not heard of for long are forgotten: there is no end of names. */
  private prune(nowMs: number): void {
    if (nowMs - this.prunedMs < WINDOW_MS) return;
    this.prunedMs = nowMs;
    for (const [prover, { sinceMs, lines }] of this.windows) {
      if (nowMs - sinceMs >= (lines > LINES ? 10 : 1) * WINDOW_MS) this.windows.delete(prover);
    }
  }
}
