import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { DomainError, type DomainErrorCode } from '../../domain/errors.js';
import { REFUSED_FOR_NOW } from '../../wire/passing-status.js';

const DOMAIN_STATUS: Readonly<Record<DomainErrorCode, status>> = {
  INVALID_ARGUMENT: status.INVALID_ARGUMENT,
  JOB_NOT_FOUND: status.NOT_FOUND,
  IDEMPOTENCY_CONFLICT: status.ALREADY_EXISTS,
  QUOTA_EXCEEDED: status.RESOURCE_EXHAUSTED,
  SYSTEM_UNAVAILABLE: status.UNAVAILABLE,
  SESSION_UNKNOWN: status.NOT_FOUND,
  CORRUPT_STATE: status.INTERNAL,
};

/** Seconds after which what was refused for now may be asked again. */
const RETRY_AFTER_S = '1';

/** A failure that its thrower meant for the caller: its code and text go out as they are. */
export class StatusError extends Error implements ServiceError {
  override readonly name = 'StatusError';
  /** Says `retry-after` (seconds) where the same call may succeed later. */
  readonly metadata = new Metadata();

  constructor(
    readonly code: status,
    readonly details: string,
    options?: ErrorOptions,
  ) {
    super(details, options);
    if (REFUSED_FOR_NOW.has(code)) this.metadata.set('retry-after', RETRY_AFTER_S);
  }
}

/** The status for an error that was meant for the caller; undefined for any other, which must be masked. */
export function statusOf(error: unknown): StatusError | undefined {
  if (error instanceof StatusError) return error;
  if (!(error instanceof DomainError)) return undefined;
  return new StatusError(DOMAIN_STATUS[error.code], `${error.message}. ${error.hint}`, { cause: error });
}

/** What a caller is told of an error that was not meant for it. */
export function maskedStatus(correlationId: string | undefined): StatusError {
  const reference = correlationId ? ` under ${correlationId}` : '';
  return new StatusError(status.INTERNAL, `Internal error; the coordinator's log has it${reference}.`);
}
