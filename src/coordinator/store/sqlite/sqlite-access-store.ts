import type { ApiKey, KeyId } from '../../../domain/access/api-key.js';
import type { AuditEntry, AuditQuery, NewAuditEntry } from '../../../domain/access/audit-entry.js';
import type { EnrolmentToken } from '../../../domain/access/enrolment-token.js';
import type { Role } from '../../../domain/access/role.js';
import type { ProverId, Sha256 } from '../../../domain/ids.js';
import { AccessStore } from '../access-store.js';
import type { SqliteDatabase } from './open-database.js';
import { asStoreError } from './sqlite-errors.js';

interface KeyRow {
  readonly id: KeyId;
  readonly digest: Sha256;
  readonly role: Role;
  readonly prover_id: ProverId | null;
  readonly label: string;
  readonly created_at_ms: number;
  readonly expires_at_ms: number | null;
  readonly revoked_at_ms: number | null;
}

const PUT_KEY = `
  INSERT INTO api_keys (id, digest, role, prover_id, label, created_at_ms, expires_at_ms, revoked_at_ms)
  VALUES (@id, @digest, @role, @prover, @label, @createdAtMs, @expiresAtMs, @revokedAtMs)
  ON CONFLICT (id) DO UPDATE SET revoked_at_ms = excluded.revoked_at_ms`;

interface TokenRow {
  readonly digest: Sha256;
  readonly prover_id: ProverId | null;
  readonly created_at_ms: number;
  readonly expires_at_ms: number;
  readonly used_at_ms: number | null;
}

interface AuditRow extends Omit<AuditEntry, 'atMs'> {
  readonly at_ms: number;
}

const ADD_ENTRY = `
  INSERT INTO audit_log (at_ms, action, caller, address, subject, outcome)
  VALUES (@atMs, @action, @caller, @address, @subject, @outcome)`;

const PUT_TOKEN = `
  INSERT INTO enrolment_tokens (digest, prover_id, created_at_ms, expires_at_ms, used_at_ms)
  VALUES (@digest, @prover, @createdAtMs, @expiresAtMs, @usedAtMs)`;

/** Keys and tokens in the coordinator's database. */
export class SqliteAccessStore extends AccessStore {
  constructor(
    private readonly database: SqliteDatabase,
    private readonly path: string,
  ) {
    super();
  }

  override async keys(): Promise<ApiKey[]> {
    const sql = 'SELECT * FROM api_keys ORDER BY created_at_ms, id';
    return this.guard(() => (this.database.prepare(sql).all() as KeyRow[]).map(keyOfRow));
  }

  override async putKey(key: ApiKey): Promise<void> {
    this.guard(() => this.database.prepare(PUT_KEY).run(key));
  }

  override async putToken(token: EnrolmentToken): Promise<void> {
    this.guard(() => this.database.prepare(PUT_TOKEN).run(token));
  }

  override async token(digest: Sha256): Promise<EnrolmentToken | null> {
    const sql = 'SELECT * FROM enrolment_tokens WHERE digest = ?';
    return this.guard(() => {
      const row = this.database.prepare(sql).get(digest) as TokenRow | undefined;
      return row ? tokenOfRow(row) : null;
    });
  }

  override async enrol(digest: Sha256, usedAtMs: number, keys: readonly ApiKey[]): Promise<boolean> {
    const use = 'UPDATE enrolment_tokens SET used_at_ms = ? WHERE digest = ? AND used_at_ms IS NULL';
    return this.guard(() =>
      this.database
        .transaction(() => {
          if (this.database.prepare(use).run(usedAtMs, digest).changes === 0) return false;
          for (const key of keys) this.database.prepare(PUT_KEY).run(key);
          return true;
        })
        .immediate(),
    );
  }

  override async audit(entries: readonly NewAuditEntry[]): Promise<void> {
    this.guard(() =>
      this.database
        .transaction(() => {
          const add = this.database.prepare(ADD_ENTRY);
          for (const entry of entries) add.run(entry);
        })
        .immediate(),
    );
  }

  override async auditLog({ before, limit }: AuditQuery): Promise<AuditEntry[]> {
    const sql = 'SELECT * FROM audit_log WHERE sequence < ? ORDER BY sequence DESC LIMIT ?';
    const rows = this.guard(() => this.database.prepare(sql).all(before ?? Number.MAX_SAFE_INTEGER, limit));
    return (rows as AuditRow[]).map(({ at_ms: atMs, ...entry }) => ({ ...entry, atMs }));
  }

  private guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asStoreError(error, this.path);
    }
  }
}

function tokenOfRow(row: TokenRow): EnrolmentToken {
  return {
    digest: row.digest,
    prover: row.prover_id,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    usedAtMs: row.used_at_ms,
  };
}

function keyOfRow(row: KeyRow): ApiKey {
  const { id, digest, role, label } = row;
  return {
    id,
    digest,
    role,
    prover: row.prover_id,
    label,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    revokedAtMs: row.revoked_at_ms,
  };
}
