import { status } from '@grpc/grpc-js';
import { maySpeakAs, type Caller } from '../../../domain/access/caller.js';
import type { ProverId } from '../../../domain/ids.js';
import { StatusError } from '../../transport/status-error.js';

/** A key for provers is for one of them: nobody registers, is given work or answers as another. @throws StatusError */
export function assertOwnName(caller: Caller, claimed: ProverId): void {
  if (maySpeakAs(caller, claimed)) return;
  const why = `this key is not the one of the prover ${claimed}; give the prover the name that its key was made for`;
  throw new StatusError(status.PERMISSION_DENIED, why);
}
