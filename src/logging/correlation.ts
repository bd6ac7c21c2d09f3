import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<string>();

/** Runs `task` so that every log line it causes, also later, carries `id`. */
export function withCorrelation<T>(id: string, task: () => T): T {
  return storage.run(id, task);
}

/** The id of the call that is being served, if any. */
export function correlationId(): string | undefined {
  return storage.getStore();
}
