/**
 * Largest message that is taken from a peer, in bytes. Bulk bytes travel in chunks below it, but peers that know the
 * published schema alone send a segment's proof as one message of numbers: up to four MiB, with the table of an
 * accelerator in it more (ADR 0005).
 */
export const MAX_MESSAGE_BYTES = 8 * 2 ** 20;

/** Clients take four MiB where nothing else is set; what is around a list in its message has room besides. */
const LIST_BYTES = 4 * 2 ** 20 - 2 ** 10;

/** Tag and length of a message within another. */
const FRAME_BYTES = 6;

/**
 * How many of the entries, in their order, fit into one message of a list.
 *
 * @param sizeOf bytes of an encoded entry
 */
export function fitting<T>(entries: readonly T[], sizeOf: (entry: T) => number): number {
  let bytes = 0;
  const end = entries.findIndex((entry) => (bytes += sizeOf(entry) + FRAME_BYTES) > LIST_BYTES);
  return end < 0 ? entries.length : end;
}
