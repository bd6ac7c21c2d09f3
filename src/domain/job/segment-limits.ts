/** Most segments of a run that can be proven: a rule of the verifier. */
export const MAX_SEGMENTS = 2 ** 14;

/**
 * How many instructions a segment may have.
 *
 * The tables have powers of two as heights and the CPU table keeps one row of padding: a segment of exactly 2^k
 * instructions costs as much as one of 2^(k+1) - 1.
 *
 * The one range of commands, settings and jobs. It lies within what the kernel admits (`proofloom kernel info`): less
 * makes a segment of nothing but padding, more a thread that needs more memory than is asked of it.
 */
export const SEGMENT_CYCLES = {
  min: 256,
  /** A thread needs less than 1 GiB for it. */
  max: 2 ** 18 - 1,
  /** The largest: the tables of fixed height are paid once a segment, so long segments take the fewest cells a cycle. */
  default: 2 ** 18 - 1,
} as const;
