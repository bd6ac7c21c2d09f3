import { Logger } from '@nestjs/common';
import type { Commitment, JobId, Sha256 } from '../../domain/ids.js';
import type { ResultId, ResultReport, TaskResult } from '../../domain/job/prover-report.js';
import type { Verdict } from '../../domain/verdict.js';
import { toHex } from '../../kernel/binding.js';
import { Backoff } from '../../lifecycle/backoff.js';
import type { Random } from '../../lifecycle/random.js';
import { errorMessage } from '../../lifecycle/system-error.js';
import type { CancelTimer, Timers } from '../../lifecycle/timers.js';
import { ArtifactError, type ArtifactFetcher } from './artifact-fetcher.js';
import { Slots } from './slots.js';
import type { ComputedResult } from './task-runner.js';

/** A finished task on its way to the coordinator. */
export interface FinishedTask extends ResultId {
  readonly computed: ComputedResult;
  /** The report that carries its result. */
  readonly report: (result: TaskResult) => ResultReport;
  /** The coordinator will never take it. */
  readonly onRefused: (error: ArtifactError) => void;
}

export interface OutboxParts {
  readonly artifacts: ArtifactFetcher;
  readonly timers: Timers;
  readonly random: Random;
  /** False while there is no connection. */
  readonly send: (report: ResultReport) => boolean;
  /** A result has left the outbox. */
  readonly onRemoved: () => void;
}

/** A result that was sent and not acknowledged is sent again after this, and what the back-off adds. */
const ACKNOWLEDGE_MS = 10_000;
const UPLOADS_AT_ONCE = 2;

interface Entry {
  readonly finished: FinishedTask;
  readonly backoff: Backoff;
  /** Known once the result is uploaded. */
  result: TaskResult | undefined;
  delivering: boolean;
  /** Why it could not be uploaded when that was last said. */
  toldReason: string;
  cancelRetry: CancelTimer;
}

/**
 * Keeps every result until the coordinator has acknowledged it: uploads its proof, sends it, and sends it again, across
 * connections. It never holds more than the tasks that were taken on.
 */
export class ResultOutbox {
  private readonly log = new Logger(ResultOutbox.name);
  private readonly entries = new Map<string, Entry>();
  private readonly uploads = new Slots(UPLOADS_AT_ONCE);
  private readonly closed = new AbortController();

  constructor(private readonly parts: OutboxParts) {}

  add(finished: FinishedTask): void {
    const { computed } = finished;
    const entry: Entry = {
      finished,
      backoff: new Backoff(this.parts.random),
      result: computed.kind === 'commitment' ? commitmentIn(computed) : undefined,
      delivering: false,
      toldReason: '',
      cancelRetry: () => undefined,
    };
    this.entries.set(entryKey(finished), entry);
    void this.deliver(entry);
  }

  /** The coordinator has judged a result; whatever it said, it needs it no more. */
  acknowledge(result: ResultId, verdict: Verdict): void {
    const entry = this.entries.get(entryKey(result));
    if (!entry) return;
    if (verdict.kind === 'rejected') {
      this.log.warn({ message: 'result rejected', job: result.job, task: result.task, reason: verdict.reason });
    }
    this.remove(entry);
  }

  /** A job has ended: nobody needs its results. */
  forget(job: JobId): void {
    for (const entry of this.entries.values()) if (entry.finished.job === job) this.remove(entry);
  }

  /** A new connection: everything goes out again. */
  resend(): void {
    for (const entry of this.entries.values()) {
      entry.backoff.reset();
      void this.deliver(entry);
    }
  }

  unacknowledged(): ResultId[] {
    return [...this.entries.values()].map(({ finished: { job, task, epoch } }) => ({ job, task, epoch }));
  }

  close(): void {
    this.closed.abort();
    for (const { cancelRetry } of this.entries.values()) cancelRetry();
    this.entries.clear();
  }

  private async deliver(entry: Entry): Promise<void> {
    if (entry.delivering) return;
    entry.delivering = true;
    entry.cancelRetry();
    try {
      entry.result ??= await this.upload(entry.finished.computed);
      if (this.holds(entry) && entry.result) this.parts.send(entry.finished.report(entry.result));
    } catch (error) {
      if (error instanceof ArtifactError) return this.refused(entry, error);
      this.notUploaded(entry, errorMessage(error));
    } finally {
      entry.delivering = false;
      if (this.holds(entry)) this.retryLater(entry);
    }
  }

  /** Said once for each reason: a full disk may last for hours, with a try every few seconds. */
  private notUploaded(entry: Entry, reason: string): void {
    const { job, task } = entry.finished;
    const line = { message: 'a result is not uploaded yet', job, task, reason };
    if (reason === entry.toldReason) return this.log.debug(line);
    entry.toldReason = reason;
    this.log.warn({ ...line, hint: 'it is kept, and tried again by itself' });
  }

  private refused(entry: Entry, error: ArtifactError): void {
    if (!this.holds(entry)) return;
    this.remove(entry);
    entry.finished.onRefused(error);
  }

  private async upload({ kind, bytes }: ComputedResult): Promise<TaskResult | undefined> {
    const release = await this.uploads.take(this.closed.signal);
    if (!release) return undefined;
    try {
      const { sha256, size } = await this.parts.artifacts.upload(bytes, kind === 'proof');
      return { kind: 'artifact', artifact: { sha256: sha256 as Sha256, size } };
    } finally {
      release();
    }
  }

  private retryLater(entry: Entry): void {
    const wait = entry.result ? ACKNOWLEDGE_MS : 0;
    entry.cancelRetry = this.parts.timers.after(wait + entry.backoff.next(), () => void this.deliver(entry));
  }

  private remove(entry: Entry): void {
    entry.cancelRetry();
    this.entries.delete(entryKey(entry.finished));
    this.parts.onRemoved();
  }

  private holds(entry: Entry): boolean {
    return this.entries.get(entryKey(entry.finished)) === entry;
  }
}

function commitmentIn({ bytes }: ComputedResult): TaskResult {
  return { kind: 'commitment', commitment: toHex(bytes) as Commitment };
}

function entryKey({ job, epoch, task }: ResultId): string {
  return `${job}/${epoch}/${task}`;
}
