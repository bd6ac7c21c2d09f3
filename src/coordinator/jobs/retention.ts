import type { Clock } from '../../lifecycle/clock.js';
import type { CancelTimer, Timers } from '../../lifecycle/timers.js';
import type { TaskStore } from '../store/task-store.js';

/** How often ended jobs are looked through. */
const EVERY_MS = 600_000;
/** Jobs forgotten in one transaction: few, so that nothing else waits long. */
const BATCH = 50;

/** Forgets jobs that ended long ago. What could not be forgotten now is forgotten next time. */
export class Retention {
  private cancel: CancelTimer = () => undefined;

  constructor(
    private readonly store: TaskStore,
    private readonly clock: Clock,
    private readonly timers: Timers,
    private readonly retentionMs: number,
  ) {}

  start(): void {
    this.cancel = this.timers.every(EVERY_MS, () => void this.sweep());
  }

  stop(): void {
    this.cancel();
  }

  /** Returns how many jobs were forgotten. */
  async sweep(): Promise<number> {
    let total = 0;
    try {
      for (let gone = BATCH; gone === BATCH; total += gone) {
        gone = await this.store.purge(this.clock.wallMs() - this.retentionMs, BATCH);
      }
    } catch {
      // The store cannot be written now; the next sweep does it.
    }
    return total;
  }
}
