import type { ApiKey, KeyId } from '../../../domain/access/api-key.js';
import { AccessStore } from '../access-store.js';

/** Keys that end with the process: for tests and trials. */
export class MemoryAccessStore extends AccessStore {
  private readonly known = new Map<KeyId, ApiKey>();

  override async keys(): Promise<ApiKey[]> {
    return [...this.known.values()];
  }

  override async putKey(key: ApiKey): Promise<void> {
    this.known.set(key.id, key);
  }
}
