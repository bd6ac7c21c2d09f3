/** What went wrong, in a word that adapters map to a status code or an ErrorResponse. */
export type DomainErrorCode =
  | 'INVALID_ARGUMENT'
  | 'JOB_NOT_FOUND'
  | 'IDEMPOTENCY_CONFLICT'
  | 'QUOTA_EXCEEDED'
  | 'SYSTEM_UNAVAILABLE'
  | 'SESSION_UNKNOWN'
  | 'CORRUPT_STATE';

/** A failure a caller can act on: `message` says what and why, `hint` what to do next. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: DomainErrorCode,
    message: string,
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Refuses a value the caller gave; `field` is named so that the caller can find it. */
export function invalidArgument(field: string, value: unknown, allowed: string): DomainError {
  return new DomainError('INVALID_ARGUMENT', `${field} is ${JSON.stringify(value)}`, `${field} must be ${allowed}`);
}

/** The state cannot be what it is: a bug here or a damaged store, never the caller's fault. */
export function corruptState(message: string): DomainError {
  return new DomainError('CORRUPT_STATE', message, 'report this with the coordinator log; the job was left as it was');
}
