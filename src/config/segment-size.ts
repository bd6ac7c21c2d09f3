/**
 * How many instructions a segment may have.
 *
 * The tables have powers of two as heights and the CPU table keeps one row of padding: a segment of exactly 2^k
 * instructions costs as much as one of 2^(k+1) - 1.
 */
export const SEGMENT_CYCLES = {
  min: 256,
  /** A thread needs about 1 GiB for it. */
  max: 2 ** 18 - 1,
  default: 2 ** 17 - 1,
} as const;
