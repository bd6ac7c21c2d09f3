/**
 * Forward-only steps of the schema; step n leads to `user_version` n + 1. A released step is never changed again.
 * Types are kept to what PostgreSQL has too: text ids, whole-number milliseconds, JSON as text.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE jobs (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    status_detail TEXT NOT NULL,
    submitted_at_ms INTEGER NOT NULL,
    started_at_ms INTEGER,
    ended_at_ms INTEGER,
    priority INTEGER NOT NULL,
    request TEXT NOT NULL,
    rules TEXT NOT NULL,
    last_event INTEGER NOT NULL,
    own_failures INTEGER NOT NULL,
    excluded TEXT NOT NULL,
    plan TEXT,
    output TEXT,
    run TEXT
  );
  CREATE INDEX jobs_open ON jobs (status, priority DESC, position) WHERE ended_at_ms IS NULL;
  CREATE INDEX jobs_ended ON jobs (ended_at_ms) WHERE ended_at_ms IS NOT NULL;

  CREATE TABLE job_labels (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (job_id, name)
  ) WITHOUT ROWID;

  CREATE TABLE tasks (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    task_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    round INTEGER,
    segment INTEGER,
    state TEXT NOT NULL,
    state_detail TEXT NOT NULL,
    failures INTEGER NOT NULL,
    losses TEXT NOT NULL,
    barred TEXT NOT NULL,
    reopened_at INTEGER NOT NULL,
    PRIMARY KEY (job_id, task_key)
  ) WITHOUT ROWID;

  CREATE TABLE grants (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    epoch INTEGER NOT NULL,
    prover_id TEXT NOT NULL,
    phase TEXT NOT NULL,
    grade TEXT NOT NULL,
    tasks TEXT NOT NULL,
    lease_ms INTEGER NOT NULL,
    ended_as TEXT,
    PRIMARY KEY (job_id, epoch)
  ) WITHOUT ROWID;

  CREATE TABLE leaves (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    segment INTEGER NOT NULL,
    kind TEXT NOT NULL,
    leaf TEXT,
    author TEXT,
    PRIMARY KEY (job_id, segment)
  ) WITHOUT ROWID;

  CREATE TABLE proofs (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    round INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    prover_id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    PRIMARY KEY (job_id, round, segment)
  ) WITHOUT ROWID;

  CREATE TABLE events (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    type TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (job_id, seq)
  ) WITHOUT ROWID;

  CREATE TABLE idempotency_keys (
    key TEXT PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE
  ) WITHOUT ROWID;
  CREATE INDEX idempotency_keys_job ON idempotency_keys (job_id);

  CREATE TABLE artifact_references (
    sha256 TEXT NOT NULL,
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    PRIMARY KEY (sha256, job_id)
  ) WITHOUT ROWID;
  CREATE INDEX artifact_references_job ON artifact_references (job_id);

  CREATE TABLE quarantines (
    prover_id TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    job_id TEXT,
    since_ms INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
  `ALTER TABLE quarantines ADD COLUMN cause TEXT NOT NULL DEFAULT 'fault';`,
  `
  ALTER TABLE tasks ADD COLUMN failed_by TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE tasks DROP COLUMN failures;
  `,
  `UPDATE jobs SET run = json_set(json_remove(run, '$.dealing'), '$.allocation', json_extract(run, '$.dealing'))
    WHERE run IS NOT NULL AND json_type(run, '$.dealing') IS NOT NULL;`,
  // The field's words. A key with its colon stands in JSON only where it is a key: a quote inside a text is escaped.
  `
  ALTER TABLE grants RENAME TO assignments;
  ALTER TABLE leaves RENAME TO commitments;
  ALTER TABLE commitments RENAME COLUMN leaf TO commitment;
  UPDATE jobs SET run = replace(replace(run, '"leafChanged":', '"commitmentChanged":'), '"leaf":', '"commitment":');

  ALTER TABLE tasks RENAME COLUMN round TO attempt;
  ALTER TABLE proofs RENAME COLUMN round TO attempt;
  UPDATE jobs SET rules = replace(rules, '"maxRounds":', '"maxAttempts":'), run = replace(run, '"round":', '"attempt":');
  UPDATE assignments SET ended_as = 'attempt_over' WHERE ended_as = 'round_over';
  UPDATE events SET type = 'attempt_started' WHERE type = 'round_started';
  UPDATE events SET detail = replace(replace(detail, '"round":', '"attempt":'), '"round_over"', '"attempt_over"');

  UPDATE tasks SET state = 'ASSIGNED' WHERE state = 'GRANTED';
  UPDATE events SET type = 'assigned' WHERE type = 'granted';
  UPDATE events SET type = 'assignment_ended' WHERE type = 'grant_ended';

  UPDATE commitments SET kind = 'recomputed' WHERE kind = 'settled';
  UPDATE jobs SET run = replace(replace(run, '"suspect":', '"suspectedFaulty":'), '"COMBINING"', '"AGGREGATING_LOCALLY"');
  UPDATE events SET type = 'dispute_resolved' WHERE type = 'settled';
  UPDATE events SET type = 'aggregating_locally' WHERE type = 'combining';
  `,
  `UPDATE jobs SET run = json_set(run, '$.commitmentList', json('null')) WHERE run IS NOT NULL;`,
  // What is long and seldom changes stands apart: a row is written whole whenever a part of it changes.
  `
  CREATE TABLE runs (
    job_id TEXT PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
    plan TEXT NOT NULL,
    output TEXT,
    run TEXT NOT NULL
  );
  INSERT INTO runs (job_id, plan, output, run) SELECT id, plan, output, run FROM jobs WHERE run IS NOT NULL;
  ALTER TABLE jobs DROP COLUMN plan;
  ALTER TABLE jobs DROP COLUMN output;
  ALTER TABLE jobs DROP COLUMN run;
  `,
  `
  CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    prover_id TEXT,
    label TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER,
    revoked_at_ms INTEGER
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE enrolment_tokens (
    digest TEXT PRIMARY KEY,
    prover_id TEXT,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    used_at_ms INTEGER
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE audit_log (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    action TEXT NOT NULL,
    caller TEXT NOT NULL,
    address TEXT NOT NULL,
    subject TEXT NOT NULL,
    outcome TEXT NOT NULL
  );
  CREATE TRIGGER audit_log_unchanged BEFORE UPDATE ON audit_log
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  `,
];
