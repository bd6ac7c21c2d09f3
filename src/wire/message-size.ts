/**
 * Largest message that is taken from a peer, in bytes. Bulk bytes travel in chunks below it, but peers that know the
 * published schema alone send a segment's proof as one message of numbers: up to four MiB, with the table of an
 * accelerator in it more (ADR 0005).
 */
export const MAX_MESSAGE_BYTES = 8 * 2 ** 20;
