import { status, type ServiceError } from '@grpc/grpc-js';
import { isDistrust, plainDetails } from './connection-problem.js';

/**
 * - `unreachable`: no coordinator answers at the address
 * - `busy`: the coordinator takes no more now; try again later
 * - `refused`: the coordinator does not accept the request as it is
 * - `not_found`: there is no such job, artifact or prover
 * - `conflict`: the idempotency key stands for another request
 * - `unauthenticated`: the coordinator asks for a key, or the one that was sent is not valid
 * - `forbidden`: the key's role does not cover the call
 * - `untrusted`: the coordinator's certificate is not trusted, or it does not take the one of this side
 * - `unsupported`: the coordinator does not know the call
 * - `aborted`: the caller's signal ended the call
 * - `failed`: the coordinator failed
 */
export type ClientErrorCode =
  | 'unreachable'
  | 'busy'
  | 'refused'
  | 'not_found'
  | 'conflict'
  | 'unauthenticated'
  | 'forbidden'
  | 'untrusted'
  | 'unsupported'
  | 'aborted'
  | 'failed';

/** A failed call to a coordinator. */
export class ClientError extends Error {
  override readonly name = 'ClientError';

  constructor(
    readonly code: ClientErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether the same call may succeed later without any change. */
  get isPassing(): boolean {
    return this.code === 'unreachable' || this.code === 'busy';
  }
}

const CODES: Readonly<Partial<Record<status, ClientErrorCode>>> = {
  [status.UNAVAILABLE]: 'unreachable',
  [status.DEADLINE_EXCEEDED]: 'unreachable',
  [status.CANCELLED]: 'aborted',
  [status.RESOURCE_EXHAUSTED]: 'busy',
  [status.INVALID_ARGUMENT]: 'refused',
  [status.FAILED_PRECONDITION]: 'refused',
  [status.OUT_OF_RANGE]: 'refused',
  [status.NOT_FOUND]: 'not_found',
  [status.ALREADY_EXISTS]: 'conflict',
  [status.UNAUTHENTICATED]: 'unauthenticated',
  [status.PERMISSION_DENIED]: 'forbidden',
  [status.UNIMPLEMENTED]: 'unsupported',
};

/** A failed call as this client's error; anything else stays what it is. */
export function toClientError(error: unknown): unknown {
  if (!isServiceError(error)) return error;
  if (answered(error)) return new ClientError('busy', error.details, { cause: error });
  const { code, details } = error;
  const isUntrusted = code === status.UNAVAILABLE && isDistrust(details);
  const known = isUntrusted ? 'untrusted' : (CODES[code] ?? 'failed');
  return new ClientError(known, inWords(error), { cause: error });
}

/** What the library says of a connection, without what it says to its own developers. */
function inWords({ code, details, message }: ServiceError): string {
  if (code === status.DEADLINE_EXCEEDED && details.startsWith('Deadline exceeded')) return 'no answer came in time';
  return plainDetails(details || message);
}

/** A coordinator that is there and cannot work now says when to come again; nobody says that where none is. */
function answered({ code, metadata }: ServiceError): boolean {
  return code === status.UNAVAILABLE && metadata?.get('retry-after').length > 0;
}

function isServiceError(error: unknown): error is ServiceError {
  if (typeof error !== 'object' || error === null || !('details' in error)) return false;
  return 'code' in error && typeof error.code === 'number';
}
