import type { ApiKey } from '../../domain/access/api-key.js';

/** Who may use the coordinator, and its injection token. Every call rejects with `StoreError` and nothing else. */
export abstract class AccessStore {
  /** Every key ever made, revoked and expired ones too, oldest first. */
  abstract keys(): Promise<ApiKey[]>;
  /** Keeps a new key, or a known one as it is now. */
  abstract putKey(key: ApiKey): Promise<void>;
}
