import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ContentStore, type StoredContent } from '../../content/content-store.js';
import type { Sha256 } from '../../domain/ids.js';
import { Clock } from '../../lifecycle/clock.js';
import { Timers, type CancelTimer } from '../../lifecycle/timers.js';
import { errorMessage } from '../../lifecycle/system-error.js';
import { TaskStore } from '../store/task-store.js';
import { SharedInputs } from './shared-inputs.js';

const HOUR_MS = 3_600_000;
/** An artifact that no job refers to is kept this long after it was last put. */
const UNUSED_MS = 24 * HOUR_MS;
const BATCH = 200;

/** Removes artifacts that nobody needs any more, and the copies of inputs that provers of the published schema read. */
@Injectable()
export class ArtifactSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(ArtifactSweeper.name);

  private stop: CancelTimer = () => undefined;

  constructor(
    private readonly content: ContentStore,
    private readonly store: TaskStore,
    private readonly clock: Clock,
    private readonly timers: Timers,
    private readonly shared: SharedInputs,
  ) {}

  onApplicationBootstrap(): void {
    this.stop = this.timers.every(HOUR_MS, () => {
      this.sweep().catch((error: unknown) => this.log.warn(`artifacts were not swept: ${errorMessage(error)}`));
    });
  }

  onApplicationShutdown(): void {
    this.stop();
  }

  /** Returns how many were removed. */
  async sweep(): Promise<number> {
    const copies = this.shared.store;
    return (await this.sweepOf(this.content)) + (copies ? await this.sweepOf(copies) : 0);
  }

  private async sweepOf(store: ContentStore): Promise<number> {
    let removed = 0;
    let batch: StoredContent[] = [];
    for await (const content of store.olderThan(this.clock.wallMs() - UNUSED_MS)) {
      batch.push(content);
      if (batch.length < BATCH) continue;
      removed += await this.removeUnused(store, batch);
      batch = [];
    }
    return removed + (await this.removeUnused(store, batch));
  }

  private async removeUnused(store: ContentStore, batch: readonly StoredContent[]): Promise<number> {
    const used = await this.store.referenced(batch.map(({ sha256 }) => sha256 as Sha256));
    const unused = batch.filter(({ sha256 }) => !used.has(sha256 as Sha256));
    for (const { sha256 } of unused) await store.remove(sha256);
    return unused.length;
  }
}
