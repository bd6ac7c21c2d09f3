import type { Statement } from 'better-sqlite3';
import type { JobId } from '../../../domain/ids.js';
import type { JobChanges, JobHeader, ProofEntry } from '../../../domain/job/changes.js';
import { referenceChange } from '../artifact-references.js';
import { conflict } from '../store.error.js';
import type { JobWrite } from '../task-store.js';
import type { SqliteDatabase } from './open-database.js';
import { eventColumns, assignmentColumns, jobColumns, commitmentColumns, runColumns, taskColumns } from './rows.js';

/** `INSERT` of these columns, replacing the row with the same key. */
function upsert(table: string, keys: readonly string[], columns: readonly string[]): string {
  const values = [...keys, ...columns];
  const replaced = columns.map((column) => `${column} = excluded.${column}`).join(', ');
  return `INSERT INTO ${table} (${values.join(', ')}) VALUES (${values.map((name) => `@${name}`).join(', ')})
    ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${replaced}`;
}

const CHANGING = [
  'version',
  'status',
  'status_detail',
  'started_at_ms',
  'ended_at_ms',
  'last_event',
  'own_failures',
  'excluded',
];

const SQL = {
  version: 'SELECT version FROM jobs WHERE id = ?',
  insertJob: `INSERT INTO jobs (id, submitted_at_ms, priority, request, rules, ${CHANGING.join(', ')})
    VALUES (@id, @submitted_at_ms, @priority, @request, @rules, ${CHANGING.map((name) => `@${name}`).join(', ')})`,
  updateJob: `UPDATE jobs SET ${CHANGING.map((name) => `${name} = @${name}`).join(', ')} WHERE id = @id`,
  run: upsert('runs', ['job_id'], ['plan', 'run']),
  output: 'UPDATE runs SET output = ? WHERE job_id = ?',
  label: 'INSERT INTO job_labels (job_id, name, value) VALUES (?, ?, ?)',
  key: 'INSERT INTO idempotency_keys (key, job_id) VALUES (?, ?)',
  retire: `UPDATE tasks SET state = 'CANCELLED', state_detail = '{}'
    WHERE job_id = ? AND attempt = ? AND state IN ('READY', 'ASSIGNED')`,
  closeTasks: `UPDATE tasks SET state = 'CANCELLED', state_detail = '{}'
    WHERE job_id = ? AND state IN ('READY', 'ASSIGNED')`,
  closeAssignments: `UPDATE assignments SET ended_as = 'job_over' WHERE job_id = ? AND ended_as IS NULL`,
  task: upsert(
    'tasks',
    ['job_id', 'task_key'],
    ['kind', 'attempt', 'segment', 'state', 'state_detail', 'failed_by', 'losses', 'barred', 'reopened_at'],
  ),
  assignment: upsert(
    'assignments',
    ['job_id', 'epoch'],
    ['prover_id', 'phase', 'grade', 'tasks', 'lease_ms', 'ended_as'],
  ),
  commitment: upsert('commitments', ['job_id', 'segment'], ['kind', 'commitment', 'author']),
  proof: upsert('proofs', ['job_id', 'attempt', 'segment'], ['sha256', 'size', 'prover_id', 'epoch']),
  dropProof: 'DELETE FROM proofs WHERE job_id = ? AND attempt = ? AND segment = ?',
  event: 'INSERT INTO events (job_id, seq, at_ms, type, detail) VALUES (@job_id, @seq, @at_ms, @type, @detail)',
  refer: 'INSERT OR IGNORE INTO artifact_references (sha256, job_id) VALUES (?, ?)',
  unrefer: 'DELETE FROM artifact_references WHERE job_id = ?',
} as const;

type Statements = { readonly [Name in keyof typeof SQL]: Statement };

/** Writes one job's changes; the caller holds the transaction. */
export class JobWriter {
  private readonly sql: Statements;

  constructor(database: SqliteDatabase) {
    const prepared = Object.entries(SQL).map(([name, text]) => [name, database.prepare(text)]);
    this.sql = Object.fromEntries(prepared) as Statements;
  }

  /** @throws StoreError `conflict` when the job is not at the version the changes start from. */
  write({ base, changes, idempotencyKey }: JobWrite): void {
    const { header } = changes;
    const row = this.sql.version.get(header.id) as { version: number } | undefined;
    const found = row?.version ?? null;
    if (found !== base) throw conflict(header.id, base, found);
    if (base === null) this.insert(header);
    else this.sql.updateJob.run(jobColumns(header));
    if (changes.runChanged && header.run) this.sql.run.run(runColumns(header.id, header.run));
    if (changes.output !== null) this.sql.output.run(changes.output, header.id);
    if (idempotencyKey !== null) this.sql.key.run(idempotencyKey, header.id);
    this.writeParts(header.id, changes);
    this.writeReferences(header.id, changes);
  }

  private insert(header: JobHeader): void {
    this.sql.insertJob.run({
      ...jobColumns(header),
      submitted_at_ms: header.submittedAtMs,
      priority: header.request.priority,
      request: JSON.stringify(header.request),
      rules: JSON.stringify(header.rules),
    });
    for (const [name, value] of Object.entries(header.request.labels)) this.sql.label.run(header.id, name, value);
  }

  private writeParts(
    job: JobId,
    { retiredAttempt, closed, tasks, assignments, commitments, proofs, events }: JobChanges,
  ): void {
    if (retiredAttempt !== null) this.sql.retire.run(job, retiredAttempt);
    if (closed) {
      this.sql.closeTasks.run(job);
      this.sql.closeAssignments.run(job);
    }
    for (const task of tasks) this.sql.task.run(taskColumns(job, task));
    for (const assignment of assignments) this.sql.assignment.run(assignmentColumns(job, assignment));
    for (const commitment of commitments) this.sql.commitment.run(commitmentColumns(job, commitment));
    for (const entry of proofs) this.writeProof(job, entry);
    for (const event of events) this.sql.event.run(eventColumns(job, event));
  }

  private writeProof(job: JobId, { attempt, segment, proof }: ProofEntry): void {
    if (!proof) {
      this.sql.dropProof.run(job, attempt, segment);
      return;
    }
    const { sha256, size } = proof.artifact;
    this.sql.proof.run({ job_id: job, attempt, segment, sha256, size, prover_id: proof.prover, epoch: proof.epoch });
  }

  private writeReferences(job: JobId, changes: JobChanges): void {
    const { added, onlyKeep } = referenceChange(changes);
    if (onlyKeep) this.sql.unrefer.run(job);
    for (const sha256 of added) this.sql.refer.run(sha256, job);
  }
}
