import { statSync } from 'node:fs';
import type { Statement } from 'better-sqlite3';
import type { JobId, Sha256 } from '../../../domain/ids.js';
import { PersistentList } from '../../../domain/persistent-list.js';
import type { JobFailure } from '../../../domain/job/failure.js';
import { restoreJob, type JobHeader } from '../../../domain/job/changes.js';
import type { JobEvent } from '../../../domain/job/event.js';
import type { JobState } from '../../../domain/job/job-state.js';
import { progressFrom } from '../../../domain/job/progress-view.js';
import type { JobRequest } from '../../../domain/job/request.js';
import {
  TaskStore,
  type EventQuery,
  type IdempotencyEntry,
  type JobPage,
  type JobQuery,
  type JobSummary,
  type QuarantineEntry,
  type StoreBatch,
} from '../task-store.js';
import { AcceptedMark } from './accepted-mark.js';
import { JobWriter } from './job-writer.js';
import { isCheckedAtStart, openDatabase, type OpenOptions, type SqliteDatabase } from './open-database.js';
import {
  eventOfRow,
  assignmentOfRow,
  headerOfRow,
  commitmentOfRow,
  proofOfRow,
  quarantineOfRow,
  remainsOfRow,
  taskOfRow,
  type EventRow,
  type AssignmentRow,
  type JobRow,
  type CommitmentRow,
  type ProofRow,
  type QuarantineRow,
  taskCountsOf,
  type TaskCountRow,
  type TaskRow,
} from './rows.js';
import { errorMessage } from '../../../lifecycle/system-error.js';
import { StoreError, unreadable } from '../store.error.js';
import { SqliteAccessStore } from './sqlite-access-store.js';
import { asStoreError } from './sqlite-errors.js';

const HEADERS = 'jobs LEFT JOIN runs ON runs.job_id = jobs.id';
const HEADER_COLUMNS = `position, id, version, status, status_detail, submitted_at_ms, started_at_ms, ended_at_ms,
  priority, request, rules, last_event, own_failures, excluded, plan, run`;

/** Jobs that were accepted, and that the database has of them. */
export interface MissingJobs {
  readonly accepted: number;
  readonly kept: number;
}

const IN_MEMORY = ':memory:';
const NOT_ENDED = 'ended_at_ms IS NULL';

/** The embedded default: one file, one process, every commit on disk before it returns. */
export class SqliteStore extends TaskStore {
  private readonly database: SqliteDatabase;
  private readonly writer: JobWriter;
  private readonly statements = new Map<string, Statement>();
  /** The file that is open, for as long as it has the name. */
  private readonly inode: number | null;
  private readonly mark: AcceptedMark | null;
  /** Whether every page of the file was looked at when it was opened, and found whole. */
  readonly isChecked: boolean;
  /** Whether no job was ever accepted here, as far as is known. */
  readonly isNew: boolean;
  /** What the database does not have any more, found when it was opened. */
  readonly missing: MissingJobs | null;

  /** @throws StoreError `in_use`, `too_new`, `corrupt` or `unavailable`. */
  constructor(
    readonly path: string,
    options: OpenOptions = { lockWaitMs: 0 },
  ) {
    super();
    this.database = openDatabase(path, options);
    this.isChecked = isCheckedAtStart(this.database, options);
    this.writer = new JobWriter(this.database);
    this.inode = inodeOf(path);
    const accepted = this.accepted();
    const marked = path === IN_MEMORY ? null : AcceptedMark.read(markOf(path));
    this.missing = marked !== null && marked > accepted ? { accepted: marked, kept: accepted } : null;
    this.isNew = accepted === 0 && marked === null;
    this.mark = path === IN_MEMORY ? null : openMark(path);
    this.mark?.write(accepted);
  }

  /** Keys, in the same file. */
  access(): SqliteAccessStore {
    return new SqliteAccessStore(this.database, this.path);
  }

  override async commit({ jobs, quarantined, released }: StoreBatch): Promise<void> {
    this.guard(() => {
      this.checkFile();
      this.database
        .transaction(() => {
          for (const write of jobs) this.writer.write(write);
          for (const entry of quarantined) this.quarantine(entry);
          for (const prover of released) this.run('DELETE FROM quarantines WHERE prover_id = ?', prover);
        })
        .immediate();
      if (jobs.some(({ base }) => base === null)) this.mark?.write(this.accepted());
    });
  }

  override async loadJob(id: JobId): Promise<JobState | null> {
    return this.guard(() => {
      const row = this.row(id);
      if (!row) return null;
      const tasks = this.all<TaskRow>('SELECT * FROM tasks WHERE job_id = ?', id);
      const assignments = this.all<AssignmentRow>('SELECT * FROM assignments WHERE job_id = ? ORDER BY epoch', id);
      const commitments = this.all<CommitmentRow>('SELECT * FROM commitments WHERE job_id = ?', id);
      const proofs = this.all<ProofRow>('SELECT * FROM proofs WHERE job_id = ?', id);
      const restored = () =>
        restoreJob({
          header: headerOfRow(row),
          output: row.output,
          tasks: tasks.map(taskOfRow),
          assignments: assignments.map(assignmentOfRow),
          commitments: commitments.map(commitmentOfRow),
          proofs: proofs.map(proofOfRow),
        });
      return this.read(row, restored, (header) => ({ ...header, run: null, assignments: PersistentList.of([]) }));
    });
  }

  override async header(id: JobId): Promise<JobHeader | null> {
    return this.guard(() => {
      const [row] = this.all<JobRow>(`SELECT ${HEADER_COLUMNS} FROM ${HEADERS} WHERE id = ?`, id);
      return row
        ? this.read(
            row,
            () => headerOfRow(row),
            (header) => header,
          )
        : null;
    });
  }

  override async summary(id: JobId): Promise<JobSummary | null> {
    return this.guard(() => {
      const row = this.row(id);
      if (!row) return null;
      const header = listedRow(row);
      const sql = `SELECT kind, state, count(*) AS tasks FROM tasks
        WHERE job_id = ? AND (attempt IS NULL OR attempt = ?) GROUP BY kind, state`;
      const rows = this.all<TaskCountRow>(sql, id, header.run?.attempt ?? 0);
      return { header, output: row.output, progress: progressFrom(header, taskCountsOf(header, rows)) };
    });
  }

  override async list({ states, labels, after, limit }: JobQuery): Promise<JobPage> {
    const conditions = ['1 = 1'];
    const values: (string | number)[] = [];
    if (states.length > 0) conditions.push(`status IN (${states.map(() => '?').join(', ')})`);
    values.push(...states);
    for (const [name, value] of Object.entries(labels)) {
      conditions.push('EXISTS (SELECT 1 FROM job_labels l WHERE l.job_id = jobs.id AND l.name = ? AND l.value = ?)');
      values.push(name, value);
    }
    if (after !== null) {
      conditions.push('position < ?');
      values.push(after);
    }
    const sql = `SELECT ${HEADER_COLUMNS} FROM ${HEADERS} WHERE ${conditions.join(' AND ')} ORDER BY position DESC LIMIT ?`;
    const rows = this.guard(() => this.all<JobRow>(sql, ...values, limit + 1));
    const page = rows.slice(0, limit);
    return { jobs: page.map(listedRow), next: rows.length > limit ? (page.at(-1)?.position ?? null) : null };
  }

  override async events({ job, after, limit }: EventQuery): Promise<JobEvent[]> {
    const sql = 'SELECT seq, at_ms, type, detail FROM events WHERE job_id = ? AND seq > ? ORDER BY seq LIMIT ?';
    return this.guard(() => this.all<EventRow>(sql, job, after, limit).map(eventOfRow));
  }

  override async activeJobs(): Promise<JobId[]> {
    // By what it is not: a job whose status is damaged is found as well.
    return this.ids(`status <> 'QUEUED' AND ${NOT_ENDED} ORDER BY position`);
  }

  override async queuedJobs(limit: number): Promise<JobId[]> {
    return this.ids(`status = 'QUEUED' AND ${NOT_ENDED} ORDER BY priority DESC, position LIMIT ?`, limit);
  }

  override async countOpen(): Promise<number> {
    return (
      this.guard(() => this.all<{ open: number }>(`SELECT count(*) AS open FROM jobs WHERE ${NOT_ENDED}`))[0]?.open ?? 0
    );
  }

  override async idempotencyEntry(key: string): Promise<IdempotencyEntry | null> {
    const sql = 'SELECT id, request FROM idempotency_keys JOIN jobs ON jobs.id = idempotency_keys.job_id WHERE key = ?';
    const [row] = this.guard(() => this.all<{ id: JobId; request: string }>(sql, key));
    return row ? { key, job: row.id, request: JSON.parse(row.request) as JobRequest } : null;
  }

  override async quarantines(): Promise<QuarantineEntry[]> {
    return this.guard(() =>
      this.all<QuarantineRow>('SELECT * FROM quarantines ORDER BY since_ms').map(quarantineOfRow),
    );
  }

  override async abandon(job: JobId, failure: JobFailure, atMs: number): Promise<void> {
    const { kind, ...detail } = { kind: 'FAILED', endedAtMs: atMs, failure } as const;
    this.guard(() =>
      this.database
        .transaction(() => {
          const [row] = this.all<{ last: number }>(
            `SELECT max(last_event, (SELECT coalesce(max(seq), 0) FROM events WHERE job_id = id)) AS last
              FROM jobs WHERE id = ? AND ${NOT_ENDED}`,
            job,
          );
          if (!row) return;
          const seq = row.last + 1;
          const end = `UPDATE jobs SET status = ?, status_detail = ?, ended_at_ms = ?, last_event = ?,
            version = version + 1 WHERE id = ?`;
          this.run(end, kind, JSON.stringify(detail), atMs, seq, job);
          const event = 'INSERT INTO events (job_id, seq, at_ms, type, detail) VALUES (?, ?, ?, ?, ?)';
          this.run(event, job, seq, atMs, 'failed', JSON.stringify({ failure }));
        })
        .immediate(),
    );
  }

  override async referenced(artifacts: readonly Sha256[]): Promise<Set<Sha256>> {
    const sql = `SELECT DISTINCT sha256 FROM artifact_references WHERE sha256 IN (SELECT value FROM json_each(?))`;
    const rows = this.guard(() => this.all<{ sha256: Sha256 }>(sql, JSON.stringify(artifacts)));
    return new Set(rows.map((row) => row.sha256));
  }

  /** Artifacts that jobs refer to, at most so many. */
  someReferences(limit: number): Sha256[] {
    const sql = 'SELECT DISTINCT sha256 FROM artifact_references LIMIT ?';
    return this.guard(() => this.all<{ sha256: Sha256 }>(sql, limit)).map(({ sha256 }) => sha256);
  }

  override async purge(endedBeforeMs: number, limit: number): Promise<number> {
    const sql = `DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE ended_at_ms < ? ORDER BY ended_at_ms LIMIT ?)`;
    return this.guard(() => this.run(sql, endedBeforeMs, limit));
  }

  /** Writes what is there already: that needs room as any commit does. */
  override async probe(): Promise<void> {
    this.guard(() => {
      this.checkFile();
      const version = Number(this.database.pragma('user_version', { simple: true }));
      this.database.transaction(() => this.database.pragma(`user_version = ${version}`)).immediate();
    });
  }

  override async close(): Promise<void> {
    this.guard(() => this.database.close());
    this.mark?.close();
  }

  /** Jobs ever accepted; it never goes down, also where old jobs are forgotten. */
  private accepted(): number {
    return this.guard(
      () => this.all<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'jobs'")[0]?.seq ?? 0,
    );
  }

  /** @throws StoreError `unreadable` for a job that has not ended; of one that has, `remains` makes what is left. */
  private read<T>(row: JobRow, whole: () => T, remains: (header: JobHeader) => T): T {
    try {
      return whole();
    } catch (error) {
      const why = errorMessage(error);
      if (row.ended_at_ms === null) throw unreadable(row.id, this.path, why, error);
      return remains(remainsOfRow(row, why));
    }
  }

  private quarantine({ prover, cause, reason, job, sinceMs }: QuarantineEntry): void {
    const sql =
      'INSERT OR REPLACE INTO quarantines (prover_id, cause, reason, job_id, since_ms) VALUES (?, ?, ?, ?, ?)';
    this.run(sql, prover, cause, reason, job, sinceMs);
  }

  private ids(where: string, ...values: number[]): JobId[] {
    return this.guard(() =>
      this.all<{ id: JobId }>(`SELECT id FROM jobs WHERE ${where}`, ...values).map((row) => row.id),
    );
  }

  /** A job's row with its output, which may be long. */
  private row(id: JobId): (JobRow & { output: string | null }) | undefined {
    const sql = `SELECT ${HEADER_COLUMNS}, output FROM ${HEADERS} WHERE id = ?`;
    return this.all<JobRow & { output: string | null }>(sql, id)[0];
  }

  private all<Row>(sql: string, ...values: (string | number | null)[]): Row[] {
    return this.prepared(sql).all(...values) as Row[];
  }

  private run(sql: string, ...values: (string | number | null)[]): number {
    return this.prepared(sql).run(...values).changes;
  }

  /** Queries are few, and compiling one takes longer than most answers. */
  private prepared(sql: string): Statement {
    const statement = this.statements.get(sql) ?? this.database.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }

  /** A file that was moved or removed would take commits, and no later start would find them. */
  private checkFile(): void {
    if (this.inode === null || inodeOf(this.path) === this.inode) return;
    const hint = 'put it back where it was; until then nothing is accepted';
    throw new StoreError('unavailable', `${this.path} was moved or removed`, hint);
  }

  private guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asStoreError(error, this.path);
    }
  }
}

function listedRow(row: JobRow): JobHeader {
  try {
    return headerOfRow(row);
  } catch (error) {
    return remainsOfRow(row, errorMessage(error));
  }
}

function markOf(path: string): string {
  return `${path}.accepted`;
}

/** @throws StoreError */
function openMark(path: string): AcceptedMark {
  try {
    return new AcceptedMark(markOf(path));
  } catch (error) {
    throw asStoreError(error, markOf(path));
  }
}

/** Null where there is no such file, as for a database in memory. */
function inodeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}
