import { errorMessage } from '../../lifecycle/system-error.js';

/** One side of the coordinator, and the options that say where it is served. */
export interface ServedSide {
  readonly name: 'gRPC' | 'HTTP';
  readonly hostFlag: string;
  readonly portFlag: string;
}

/** What the system says of a port; of anything else the address is at fault. */
const PORT_REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program has that port',
  EACCES: 'this user may not take that port',
};

/** Why a coordinator cannot be reached where it was asked to be, and what to do. */
export function bindFailure({ name, hostFlag, portFlag }: ServedSide, address: string, cause: unknown): Error {
  const message = errorMessage(cause);
  const [, reason] = Object.entries(PORT_REASONS).find(([code]) => message.includes(code)) ?? [];
  const flag = reason ? portFlag : hostFlag;
  return new Error(`cannot serve ${name} on ${address}: ${reason ?? message}; choose another with ${flag}`, { cause });
}
