import type { Timestamp } from './generated/google/protobuf/timestamp.js';

const MS_PER_SECOND = 1000;
const NANOS_PER_MS = 1_000_000;

/** @param wallMs milliseconds since the Unix epoch */
export function toTimestamp(wallMs: number): Timestamp {
  const seconds = Math.floor(wallMs / MS_PER_SECOND);
  return { seconds: BigInt(seconds), nanos: Math.trunc((wallMs - seconds * MS_PER_SECOND) * NANOS_PER_MS) };
}

/** Milliseconds since the Unix epoch. */
export function fromTimestamp({ seconds, nanos }: Timestamp): number {
  return Number(seconds) * MS_PER_SECOND + nanos / NANOS_PER_MS;
}
