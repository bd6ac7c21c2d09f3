import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ContentStore, type StoredContent } from '../../content/content-store.js';
import type { Sha256 } from '../../domain/ids.js';
import { Clock } from '../../lifecycle/clock.js';
import { Timers } from '../../lifecycle/timers.js';
import { errorMessage } from '../../lifecycle/system-error.js';
import { TaskStore } from '../store/task-store.js';

const HOUR_MS = 3_600_000;
/** An artifact that no job refers to is kept this long after it was last put. */
const UNUSED_MS = 24 * HOUR_MS;
const BATCH = 200;

/** Removes artifacts that nobody needs any more. */
@Injectable()
export class ArtifactSweeper implements OnApplicationBootstrap {
  private readonly log = new Logger(ArtifactSweeper.name);

  constructor(
    private readonly content: ContentStore,
    private readonly store: TaskStore,
    private readonly clock: Clock,
    private readonly timers: Timers,
  ) {}

  onApplicationBootstrap(): void {
    this.timers.every(HOUR_MS, () => {
      this.sweep().catch((error: unknown) => this.log.warn(`artifacts were not swept: ${errorMessage(error)}`));
    });
  }

  /** Returns how many were removed. */
  async sweep(): Promise<number> {
    let removed = 0;
    let batch: StoredContent[] = [];
    for await (const content of this.content.olderThan(this.clock.wallMs() - UNUSED_MS)) {
      batch.push(content);
      if (batch.length < BATCH) continue;
      removed += await this.removeUnused(batch);
      batch = [];
    }
    return removed + (await this.removeUnused(batch));
  }

  private async removeUnused(batch: readonly StoredContent[]): Promise<number> {
    const used = await this.store.referenced(batch.map(({ sha256 }) => sha256 as Sha256));
    const unused = batch.filter(({ sha256 }) => !used.has(sha256 as Sha256));
    for (const { sha256 } of unused) await this.content.remove(sha256);
    return unused.length;
  }
}
