/** The `code` of an error of the system or of Node (`ENOENT`), if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether the process, or the system, may open no more files now: the same will succeed later. */
export function isOutOfHandles(error: unknown): boolean {
  return errorCode(error) === 'EMFILE' || errorCode(error) === 'ENFILE';
}

/** The message of anything that was thrown. */
export function errorMessage(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
