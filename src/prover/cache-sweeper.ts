import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ContentStore } from '../content/content-store.js';
import { Clock } from '../lifecycle/clock.js';
import { errorMessage } from '../lifecycle/system-error.js';
import { Timers } from '../lifecycle/timers.js';

const SWEEP_MS = 600_000;
/** What was not needed for so long is fetched again when it is. */
const UNUSED_MS = 6 * 3_600_000;

/** Removes artifacts from the prover's disk that it has not needed for hours; the coordinator has them all. */
@Injectable()
export class CacheSweeper implements OnApplicationBootstrap {
  private readonly log = new Logger(CacheSweeper.name);

  constructor(
    private readonly content: ContentStore,
    private readonly clock: Clock,
    private readonly timers: Timers,
  ) {}

  onApplicationBootstrap(): void {
    this.start();
    this.timers.every(SWEEP_MS, () => this.start());
  }

  /** Returns how many were removed. */
  async sweep(): Promise<number> {
    let removed = 0;
    for await (const { sha256 } of this.content.olderThan(this.clock.wallMs() - UNUSED_MS)) {
      await this.content.remove(sha256);
      removed += 1;
    }
    return removed;
  }

  private start(): void {
    this.sweep().catch((error: unknown) => this.log.warn(`the cache was not swept: ${errorMessage(error)}`));
  }
}
