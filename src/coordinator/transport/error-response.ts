import { ContentError } from '../../content/content.error.js';
import { DomainError, type DomainErrorCode } from '../../domain/errors.js';
import type { ErrorResponse } from '../../wire/generated/zisk_distributed_api.js';
import { contentRefusal } from './content-refusal.js';

/** Codes of the published interface, and ours. */
export type AdminErrorCode =
  | 'JOB_NOT_FOUND'
  | 'PROVER_UNAVAILABLE'
  | 'SYSTEM_UNAVAILABLE'
  | 'INVALID_ARGUMENT'
  | 'INPUT_NOT_FOUND'
  | 'INPUT_NOT_ALLOWED'
  | 'PROGRAM_NOT_FOUND'
  | 'QUOTA_EXCEEDED';

/** A failure that the published calls answer as their ErrorResponse. */
export class AdminError extends Error {
  override readonly name = 'AdminError';

  constructor(
    readonly code: AdminErrorCode,
    message: string,
  ) {
    super(message);
  }
}

const DOMAIN_CODES: Readonly<Partial<Record<DomainErrorCode, AdminErrorCode>>> = {
  INVALID_ARGUMENT: 'INVALID_ARGUMENT',
  JOB_NOT_FOUND: 'JOB_NOT_FOUND',
  QUOTA_EXCEEDED: 'QUOTA_EXCEEDED',
  SYSTEM_UNAVAILABLE: 'SYSTEM_UNAVAILABLE',
};

/** The ErrorResponse for an error that was meant for the caller; undefined for any other. */
export function toErrorResponse(error: unknown): ErrorResponse | undefined {
  if (error instanceof AdminError) return { code: error.code, message: error.message };
  if (error instanceof ContentError) return toErrorResponse(contentRefusal(error));
  if (!(error instanceof DomainError)) return undefined;
  const code = DOMAIN_CODES[error.code];
  return code && { code, message: `${error.message}. ${error.hint}` };
}
