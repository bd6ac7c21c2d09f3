import type { JobId, ProverId, Sha256 } from '../../../domain/ids.js';
import {
  restoreJob,
  type JobChanges,
  type JobHeader,
  type CommitmentEntry,
  type ProofEntry,
} from '../../../domain/job/changes.js';
import type { JobEvent } from '../../../domain/job/event.js';
import type { JobFailure } from '../../../domain/job/failure.js';
import { isLive, type Assignment } from '../../../domain/job/assignment.js';
import { isTerminal, type JobState } from '../../../domain/job/job-state.js';
import { isOpen, taskKey, type Task } from '../../../domain/job/task.js';
import { referenceChange } from '../artifact-references.js';
import { conflict } from '../store.error.js';
import {
  summaryOf,
  TaskStore,
  type EventQuery,
  type IdempotencyEntry,
  type JobPage,
  type JobQuery,
  type JobSummary,
  type JobWrite,
  type QuarantineEntry,
  type StoreBatch,
} from '../task-store.js';

interface StoredRows {
  readonly position: number;
  header: JobHeader;
  output: string | null;
  readonly tasks: Map<string, Task>;
  readonly assignments: Map<number, Assignment>;
  readonly commitments: Map<number, CommitmentEntry>;
  readonly proofs: Map<string, ProofEntry>;
  readonly events: JobEvent[];
  references: Set<Sha256>;
}

/** Keeps everything in memory, row by row as a database would: for tests, simulations and trials. */
export class MemoryStore extends TaskStore {
  private readonly jobs = new Map<JobId, StoredRows>();
  private readonly keys = new Map<string, JobId>();
  private readonly quarantined = new Map<ProverId, QuarantineEntry>();
  private positions = 0;

  override async commit({ jobs, quarantined, released }: StoreBatch): Promise<void> {
    for (const write of jobs) this.checkVersion(write);
    for (const write of jobs) this.write(write);
    for (const entry of quarantined) this.quarantined.set(entry.prover, entry);
    for (const prover of released) this.quarantined.delete(prover);
  }

  override async loadJob(id: JobId): Promise<JobState | null> {
    const rows = this.jobs.get(id);
    if (!rows) return null;
    const { header, output } = rows;
    const tasks = [...rows.tasks.values()];
    const assignments = [...rows.assignments.values()];
    return restoreJob({
      header,
      output,
      tasks,
      assignments,
      commitments: [...rows.commitments.values()],
      proofs: [...rows.proofs.values()],
    });
  }

  override async header(id: JobId): Promise<JobHeader | null> {
    return this.jobs.get(id)?.header ?? null;
  }

  override async summary(id: JobId): Promise<JobSummary | null> {
    const job = await this.loadJob(id);
    return job && summaryOf(job);
  }

  override async list({ states, labels, after, limit }: JobQuery): Promise<JobPage> {
    const wanted = [...this.jobs.values()]
      .filter(({ header, position }) => {
        const known = states.length === 0 || states.includes(header.status.kind);
        const labelled = Object.entries(labels).every(([name, value]) => header.request.labels[name] === value);
        return known && labelled && (after === null || position < after);
      })
      .sort((a, b) => b.position - a.position);
    const page = wanted.slice(0, limit);
    return {
      jobs: page.map((rows) => rows.header),
      next: wanted.length > limit ? (page.at(-1)?.position ?? null) : null,
    };
  }

  override async events({ job, after, limit }: EventQuery): Promise<JobEvent[]> {
    return (this.jobs.get(job)?.events ?? []).filter((event) => event.seq > after).slice(0, limit);
  }

  override async activeJobs(): Promise<JobId[]> {
    return this.where((header) => header.status.kind === 'PLANNING' || header.status.kind === 'RUNNING');
  }

  override async queuedJobs(limit: number): Promise<JobId[]> {
    const byPriority = (a: JobId, b: JobId) => this.priority(b) - this.priority(a);
    return this.where((header) => header.status.kind === 'QUEUED')
      .sort(byPriority)
      .slice(0, limit);
  }

  override async countOpen(): Promise<number> {
    return this.where((header) => !isTerminal(header.status)).length;
  }

  override async idempotencyEntry(key: string): Promise<IdempotencyEntry | null> {
    const job = this.keys.get(key);
    const rows = job && this.jobs.get(job);
    return job && rows ? { key, job, request: rows.header.request } : null;
  }

  override async quarantines(): Promise<QuarantineEntry[]> {
    return [...this.quarantined.values()].sort((a, b) => a.sinceMs - b.sinceMs);
  }

  override async abandon(job: JobId, failure: JobFailure, atMs: number): Promise<void> {
    const rows = this.jobs.get(job);
    if (!rows || isTerminal(rows.header.status)) return;
    const { version, lastEvent } = rows.header;
    const seq = lastEvent + 1;
    const status = { kind: 'FAILED', endedAtMs: atMs, failure } as const;
    rows.header = { ...rows.header, status, version: version + 1, lastEvent: seq };
    rows.events.push({ type: 'failed', failure, seq, atMs });
  }

  override async referenced(artifacts: readonly Sha256[]): Promise<Set<Sha256>> {
    const all = [...this.jobs.values()];
    return new Set(artifacts.filter((sha256) => all.some((rows) => rows.references.has(sha256))));
  }

  override async purge(endedBeforeMs: number, limit: number): Promise<number> {
    const old = this.where(({ status }) => 'endedAtMs' in status && status.endedAtMs < endedBeforeMs).slice(0, limit);
    for (const job of old) this.jobs.delete(job);
    for (const [key, job] of this.keys) if (!this.jobs.has(job)) this.keys.delete(key);
    return old.length;
  }

  override async close(): Promise<void> {
    // Nothing to give back.
  }

  /** Jobs in the order in which they were accepted. */
  private where(test: (header: JobHeader) => boolean): JobId[] {
    return [...this.jobs.values()].filter((rows) => test(rows.header)).map((rows) => rows.header.id);
  }

  private priority(job: JobId): number {
    return this.jobs.get(job)?.header.request.priority ?? 0;
  }

  private checkVersion({ base, changes }: JobWrite): void {
    const { id } = changes.header;
    const found = this.jobs.get(id)?.header.version ?? null;
    if (found !== base) throw conflict(id, base, found);
  }

  private write({ changes, idempotencyKey }: JobWrite): void {
    const { id } = changes.header;
    const rows = this.jobs.get(id) ?? this.newRows(changes.header);
    this.jobs.set(id, rows);
    if (idempotencyKey !== null) this.keys.set(idempotencyKey, id);
    applyChanges(rows, changes);
  }

  private newRows(header: JobHeader): StoredRows {
    this.positions += 1;
    return {
      position: this.positions,
      header,
      output: null,
      tasks: new Map(),
      assignments: new Map(),
      commitments: new Map(),
      proofs: new Map(),
      events: [],
      references: new Set(),
    };
  }
}

function applyChanges(rows: StoredRows, changes: JobChanges): void {
  rows.header = changes.header;
  rows.output = changes.output ?? rows.output;
  const { retiredAttempt } = changes;
  if (retiredAttempt !== null) cancel(rows, ({ ref }) => 'attempt' in ref && ref.attempt === retiredAttempt);
  if (changes.closed) close(rows);
  for (const task of changes.tasks) rows.tasks.set(taskKey(task.ref), task);
  for (const assignment of changes.assignments) rows.assignments.set(assignment.epoch, assignment);
  for (const entry of changes.commitments) rows.commitments.set(entry.segment, entry);
  for (const entry of changes.proofs) rows.proofs.set(`${entry.attempt}/${entry.segment}`, entry);
  rows.events.push(...changes.events);
  const { added, onlyKeep } = referenceChange(changes);
  rows.references = new Set([...(onlyKeep ?? rows.references), ...added]);
}

function cancel(rows: StoredRows, test: (task: Task) => boolean): void {
  for (const [key, task] of rows.tasks) {
    if (isOpen(task) && test(task)) rows.tasks.set(key, { ...task, state: { kind: 'CANCELLED' } });
  }
}

function close(rows: StoredRows): void {
  cancel(rows, () => true);
  for (const [epoch, assignment] of rows.assignments) {
    if (isLive(assignment)) rows.assignments.set(epoch, { ...assignment, state: { kind: 'ENDED', cause: 'job_over' } });
  }
}
