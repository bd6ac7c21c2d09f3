import { AsyncLocalStorage } from 'node:async_hooks';

interface Call {
  readonly id: string;
  readonly caller: string;
}

const storage = new AsyncLocalStorage<Call>();

/** Runs `task` so that every log line it causes, also later, carries `id`. @param caller address of who called */
export function withCorrelation<T>(id: string, task: () => T, caller = ''): T {
  return storage.run({ id, caller }, task);
}

/** The id of the call that is being served, if any. */
export function correlationId(): string | undefined {
  return storage.getStore()?.id;
}

/** The address of whoever made the call that is being served; empty where there is none. */
export function callerAddress(): string {
  return storage.getStore()?.caller ?? '';
}
