import type { Random } from './random.js';

const FIRST_MS = 250;
/** However long a coordinator was away: within ten seconds of its start everybody is back at work. */
const LONGEST_MS = 5_000;

/** Waiting times between tries: none before the first, then doubling up to five seconds, with full jitter. */
export class Backoff {
  private tries = 0;

  constructor(private readonly random: Random) {}

  /** Milliseconds to wait before the next try. */
  next(): number {
    const ceiling = this.tries === 0 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (this.tries - 1));
    this.tries += 1;
    return ceiling * this.random.fraction();
  }

  /** The last try succeeded. */
  reset(): void {
    this.tries = 0;
  }
}
