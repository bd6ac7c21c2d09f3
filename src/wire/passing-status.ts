import { status } from '@grpc/grpc-js';

/** What a coordinator refuses for now: it says by `retry-after` when the same call may be made again. */
export const REFUSED_FOR_NOW: ReadonlySet<status> = new Set([status.RESOURCE_EXHAUSTED, status.UNAVAILABLE]);

/** After these the same call may succeed: it was refused for now, or no answer came. */
export const PASSING_STATUSES: ReadonlySet<status> = new Set([...REFUSED_FOR_NOW, status.DEADLINE_EXCEEDED]);
