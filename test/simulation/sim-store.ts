import type { JobId, Sha256 } from '../../src/domain/ids.js';
import type { JobHeader } from '../../src/domain/job/changes.js';
import type { JobEvent } from '../../src/domain/job/event.js';
import type { JobFailure } from '../../src/domain/job/failure.js';
import type { JobState } from '../../src/domain/job/job-state.js';
import { MemoryStore } from '../../src/coordinator/store/memory/memory-store.js';
import { StoreError } from '../../src/coordinator/store/store.error.js';
import {
  TaskStore,
  type EventQuery,
  type IdempotencyEntry,
  type JobPage,
  type JobQuery,
  type JobSummary,
  type QuarantineEntry,
  type StoreBatch,
} from '../../src/coordinator/store/task-store.js';
import type { Host } from './host.js';

/** The disk of the simulation: outlives every coordinator, and tells what is written to it. */
export class Disk {
  readonly store = new MemoryStore();
  /** While true, nothing can be read or written. */
  broken = false;

  constructor(private readonly onWritten: (batch: StoreBatch) => void) {}

  async write(batch: StoreBatch): Promise<void> {
    await this.store.commit(batch);
    this.onWritten(batch);
  }
}

/** How long a commit takes to reach the disk, and how long its confirmation takes to come back. */
export interface CommitTimes {
  readonly reachMs: () => number;
  readonly confirmMs: () => number;
}

/**
 * A coordinator's way to the disk. A commit takes time, and the process may die before or after it took effect; when
 * the disk is broken it fails with nothing written.
 */
export class SimStore extends TaskStore {
  constructor(
    private readonly disk: Disk,
    private readonly host: Host,
    private readonly times: CommitTimes,
  ) {
    super();
  }

  override commit(batch: StoreBatch): Promise<void> {
    return new Promise((resolve, reject) => {
      this.host.after(this.times.reachMs(), () => {
        const written = this.disk.broken ? Promise.reject(brokenDisk()) : this.disk.write(batch);
        const confirm = (done: () => void) => this.host.after(this.times.confirmMs(), done);
        written.then(
          () => confirm(resolve),
          (error: unknown) => confirm(() => reject(error)),
        );
      });
    });
  }

  override loadJob(id: JobId): Promise<JobState | null> {
    return this.read((store) => store.loadJob(id));
  }

  override header(id: JobId): Promise<JobHeader | null> {
    return this.read((store) => store.header(id));
  }

  override summary(id: JobId): Promise<JobSummary | null> {
    return this.read((store) => store.summary(id));
  }

  override list(query: JobQuery): Promise<JobPage> {
    return this.read((store) => store.list(query));
  }

  override events(query: EventQuery): Promise<JobEvent[]> {
    return this.read((store) => store.events(query));
  }

  override activeJobs(): Promise<JobId[]> {
    return this.read((store) => store.activeJobs());
  }

  override queuedJobs(limit: number): Promise<JobId[]> {
    return this.read((store) => store.queuedJobs(limit));
  }

  override countOpen(): Promise<number> {
    return this.read((store) => store.countOpen());
  }

  override idempotencyEntry(key: string): Promise<IdempotencyEntry | null> {
    return this.read((store) => store.idempotencyEntry(key));
  }

  override quarantines(): Promise<QuarantineEntry[]> {
    return this.read((store) => store.quarantines());
  }

  override abandon(job: JobId, failure: JobFailure, atMs: number): Promise<void> {
    return this.read((store) => store.abandon(job, failure, atMs));
  }

  override referenced(artifacts: readonly Sha256[]): Promise<Set<Sha256>> {
    return this.read((store) => store.referenced(artifacts));
  }

  override purge(endedBeforeMs: number, limit: number): Promise<number> {
    return this.read((store) => store.purge(endedBeforeMs, limit));
  }

  override async close(): Promise<void> {
    // The disk stays.
  }

  private read<T>(reading: (store: MemoryStore) => Promise<T>): Promise<T> {
    return this.disk.broken ? Promise.reject(brokenDisk()) : reading(this.disk.store);
  }
}

function brokenDisk(): StoreError {
  return new StoreError('unavailable', 'the simulated disk is broken', 'wait');
}
