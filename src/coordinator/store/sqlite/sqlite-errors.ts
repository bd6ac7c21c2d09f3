import { StoreError, type StoreErrorCode } from '../store.error.js';

const KINDS: readonly (readonly [RegExp, StoreErrorCode, string])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, 'in_use', 'stop the other coordinator, or give this one another data directory'],
  [/^SQLITE_FULL/, 'unavailable', 'make room on the disk; accepted work goes on by itself'],
  [
    /^SQLITE_(CORRUPT|NOTADB)/,
    'corrupt',
    'restore the file from a backup, save what can be read (sqlite3 FILE .recover), or move it away to start empty',
  ],
  [/^SQLITE_(READONLY|PERM|CANTOPEN)/, 'unavailable', 'check that the path exists and may be written'],
  [/^SQLITE_IOERR/, 'unavailable', 'check the disk; accepted work goes on once it can be written'],
];

/** What an error of the driver or the file system means to the rest of the program. */
export function asStoreError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const { code, message } = described(error);
  const kind = KINDS.find(([pattern]) => pattern.test(code));
  const hint = kind?.[2] ?? 'check that the path exists and may be written';
  return new StoreError(kind?.[1] ?? 'unavailable', `${path}: ${message}`, hint, { cause: error });
}

/** By shape, not by class: a native module's errors may come from another realm. */
function described(error: unknown): { code: string; message: string } {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : 'unknown error',
  };
}
