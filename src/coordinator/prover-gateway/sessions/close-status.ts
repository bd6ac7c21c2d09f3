import { status } from '@grpc/grpc-js';
import { StatusError } from '../../transport/status-error.js';
import type { CloseReason } from '../../scheduler/prover-channel.js';

const CODES = { replaced: status.ABORTED, silent: status.DEADLINE_EXCEEDED };

/** What a stream that is closed from this side ends with; undefined where it ends in good order. */
export function closeStatus(reason: CloseReason, message: string): StatusError | undefined {
  return reason === 'shutdown' ? undefined : new StatusError(CODES[reason], message);
}
