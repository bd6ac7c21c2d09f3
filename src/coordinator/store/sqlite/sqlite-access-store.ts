import type { ApiKey, KeyId } from '../../../domain/access/api-key.js';
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

/** Keys in the coordinator's database. */
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

  private guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asStoreError(error, this.path);
    }
  }
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
