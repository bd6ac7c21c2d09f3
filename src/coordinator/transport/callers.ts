import type { Metadata } from '@grpc/grpc-js';
import type { Caller } from '../../domain/access/caller.js';

const known = new WeakMap<Metadata, Caller>();

/** Notes who makes the call that this metadata came with. */
export function identify(metadata: Metadata, caller: Caller): void {
  known.set(metadata, caller);
}

/** Who makes a call. @throws Error for a call that nobody checked: a server without the check of access */
export function callerOf(metadata: Metadata): Caller {
  const caller = known.get(metadata);
  if (!caller) throw new Error('the call came past the check of access');
  return caller;
}
