import { status } from '@grpc/grpc-js';
import { CONTENT_ERROR, ContentError, type ContentErrorCode } from '../../content/content.error.js';
import { DomainError } from '../../domain/errors.js';
import { StatusError } from './status-error.js';

const CONTENT_STATUS: Readonly<Record<ContentErrorCode, status>> = {
  missing: status.NOT_FOUND,
  too_large: status.RESOURCE_EXHAUSTED,
  wrong_size: status.INVALID_ARGUMENT,
  wrong_digest: status.INVALID_ARGUMENT,
  corrupt: status.NOT_FOUND,
  no_space: status.RESOURCE_EXHAUSTED,
  no_handles: status.RESOURCE_EXHAUSTED,
  unwritable: status.UNAVAILABLE,
  folder_gone: status.UNAVAILABLE,
};

/** The status of a failure of the artifact store, in whatever call; undefined for any other error. */
export function contentStatus(error: unknown): StatusError | undefined {
  if (!(error instanceof ContentError)) return undefined;
  const details = error.hint ? `${error.message}. On the coordinator: ${error.hint}` : error.message;
  const refusal = new StatusError(CONTENT_STATUS[error.code], details, { cause: error });
  refusal.metadata.set(CONTENT_ERROR, error.code);
  return refusal;
}

/** The same in the words of the domain, for calls that answer with a code of it. */
export function contentRefusal(cause: ContentError): DomainError {
  const isHosts = CONTENT_STATUS[cause.code] === status.UNAVAILABLE || cause.code === 'no_handles';
  const code = isHosts ? 'SYSTEM_UNAVAILABLE' : 'QUOTA_EXCEEDED';
  const hint = cause.hint ? `On the coordinator: ${cause.hint}` : 'use smaller files, or try again later';
  return new DomainError(code, cause.message, hint, { cause });
}

/** A file that is no artifact could not be opened, as no more can be opened now. */
export function noHandles(cause: unknown): DomainError {
  const hint = 'On the coordinator: raise the limit of open files (ulimit -n), or try again when less is going on';
  return new DomainError('SYSTEM_UNAVAILABLE', 'no more files can be opened now', hint, { cause });
}
