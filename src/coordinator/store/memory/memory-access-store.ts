import type { ApiKey, KeyId } from '../../../domain/access/api-key.js';
import type { AuditEntry, AuditQuery, NewAuditEntry } from '../../../domain/access/audit-entry.js';
import type { EnrolmentToken } from '../../../domain/access/enrolment-token.js';
import type { Sha256 } from '../../../domain/ids.js';
import { AccessStore } from '../access-store.js';

/** Keys that end with the process: for tests and trials. */
export class MemoryAccessStore extends AccessStore {
  private readonly entries: AuditEntry[] = [];
  private readonly tokens = new Map<Sha256, EnrolmentToken>();
  private readonly known = new Map<KeyId, ApiKey>();

  override async keys(): Promise<ApiKey[]> {
    return [...this.known.values()];
  }

  override async putKey(key: ApiKey): Promise<void> {
    this.known.set(key.id, key);
  }

  override async putToken(token: EnrolmentToken): Promise<void> {
    this.tokens.set(token.digest, token);
  }

  override async token(digest: Sha256): Promise<EnrolmentToken | null> {
    return this.tokens.get(digest) ?? null;
  }

  override async enrol(digest: Sha256, usedAtMs: number, keys: readonly ApiKey[]): Promise<boolean> {
    const token = this.tokens.get(digest);
    if (!token || token.usedAtMs !== null) return false;
    this.tokens.set(digest, { ...token, usedAtMs });
    for (const key of keys) this.known.set(key.id, key);
    return true;
  }

  override async audit(entries: readonly NewAuditEntry[]): Promise<void> {
    for (const entry of entries) this.entries.push({ ...entry, sequence: this.entries.length + 1 });
  }

  override async auditLog({ before, limit }: AuditQuery): Promise<AuditEntry[]> {
    const older = this.entries.filter(({ sequence }) => before === null || sequence < before);
    return older.toReversed().slice(0, limit);
  }
}
