import type { ApiKey } from '../../domain/access/api-key.js';
import type { AuditEntry, AuditQuery, NewAuditEntry } from '../../domain/access/audit-entry.js';
import type { EnrolmentToken } from '../../domain/access/enrolment-token.js';
import type { Sha256 } from '../../domain/ids.js';

/** Who may use the coordinator, and its injection token. Every call rejects with `StoreError` and nothing else. */
export abstract class AccessStore {
  /** Every key ever made, revoked and expired ones too, oldest first. */
  abstract keys(): Promise<ApiKey[]>;
  /** Keeps a new key, or a known one as it is now. */
  abstract putKey(key: ApiKey): Promise<void>;

  abstract putToken(token: EnrolmentToken): Promise<void>;
  abstract token(digest: Sha256): Promise<EnrolmentToken | null>;
  /** Uses a token up and keeps what comes of it, or, where it was used before, does nothing and says false. */
  abstract enrol(digest: Sha256, usedAtMs: number, keys: readonly ApiKey[]): Promise<boolean>;

  /** Adds to the audit log; nothing ever takes an entry away. */
  abstract audit(entries: readonly NewAuditEntry[]): Promise<void>;
  abstract auditLog(query: AuditQuery): Promise<AuditEntry[]>;
}
