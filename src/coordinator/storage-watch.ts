import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { ContentStore } from '../content/content-store.js';
import { Clock } from '../lifecycle/clock.js';
import { freeBytes } from '../lifecycle/free-space.js';
import { errorMessage } from '../lifecycle/system-error.js';
import { Timers, type CancelTimer } from '../lifecycle/timers.js';
import { NetworkLog } from './events/network-log.js';
import { JobCommandBus } from './jobs/job-command-bus.js';
import { StoreError } from './store/store.error.js';
import { Readiness, type Trouble } from './transport/readiness.js';

const LOOK_MS = 5_000;
/** With less than this the next job cannot be stored. */
const LEAST_FREE_BYTES = 2 ** 20;
const DATABASE = 'the database';
const ARTIFACTS = 'the artifact store';

/** Notices when jobs or artifacts cannot be stored, says so in the log and to whoever asks for health, and when it is over. */
@Injectable()
export class StorageWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly sinceMs = new Map<string, number>();
  private stop: CancelTimer = () => undefined;

  constructor(
    private readonly readiness: Readiness,
    private readonly log: NetworkLog,
    private readonly content: ContentStore,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly timers: Timers,
    bus: JobCommandBus,
  ) {
    bus.listen({
      reloaded: () => this.note(DATABASE, null),
      stalled: (error) => this.note(DATABASE, troubleOf(error)),
    });
    content.listen((failure) => this.note(ARTIFACTS, failure && { reason: failure.message, hint: failure.hint }));
  }

  async onApplicationBootstrap(): Promise<void> {
    // Known before the first upload comes.
    await this.content.probe();
    this.stop = this.timers.every(LOOK_MS, () => void this.look());
  }

  onApplicationShutdown(): void {
    this.stop();
  }

  /** Whether artifacts can be stored now: by a trial after a failure, else by what is free. */
  async look(): Promise<void> {
    if (this.sinceMs.has(ARTIFACTS)) return this.content.probe();
    const free = await freeBytes(this.settings.dataDir).catch(() => Number.POSITIVE_INFINITY);
    if (free < LEAST_FREE_BYTES) await this.content.probe();
  }

  private note(what: string, trouble: Trouble | null): void {
    const since = this.sinceMs.get(what);
    this.readiness.report(what, trouble);
    if (trouble && since === undefined) {
      this.sinceMs.set(what, this.clock.monotonicMs());
      this.log.trouble(what, trouble);
    } else if (!trouble && since !== undefined) {
      this.sinceMs.delete(what);
      this.log.troubleOver(what, Math.round(this.clock.monotonicMs() - since));
    }
  }
}

function troubleOf(error: unknown): Trouble {
  const hint = error instanceof StoreError ? error.hint : "see the coordinator's log";
  return { reason: errorMessage(error), hint };
}
