import { randomBytes } from 'node:crypto';
import { status, type ServiceError } from '@grpc/grpc-js';
import { Catch, Logger, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';
import { correlationId } from '../../logging/correlation.js';
import { contentStatus } from './content-refusal.js';
import { maskedStatus, statusOf } from './status-error.js';

const CORRELATION_BYTES = 6;
const log = new Logger('GrpcErrors');

/** Names one call in the log and in the answer to an unexpected failure. */
export function newCorrelationId(): string {
  return randomBytes(CORRELATION_BYTES).toString('hex');
}

/** The status of any error. One that was not meant for the caller is logged here, once, and masked. */
export function toStatus(error: unknown): ServiceError {
  const known = statusOf(error) ?? contentStatus(error);
  if (known) {
    // A status that comes by again, from the filter, was logged when it was made.
    if (known.code === status.INTERNAL && known !== error) log.error(error);
    return known;
  }
  log.error(error instanceof Error ? error : new Error(`thrown: ${String(error)}`));
  return maskedStatus(correlationId());
}

/** Turns whatever a handler, pipe or guard throws into a status. */
@Catch()
export class GrpcErrorFilter implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => toStatus(error));
  }
}
