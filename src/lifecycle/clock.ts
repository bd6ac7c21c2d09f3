/** Reads time. Durations and deadlines use the monotonic clock; the wall clock is for showing and for records. */
export abstract class Clock {
  /** Milliseconds since some fixed moment of this process; never goes back. */
  abstract monotonicMs(): number;
  /** Milliseconds since the Unix epoch; may jump. */
  abstract wallMs(): number;
}

export class SystemClock extends Clock {
  override monotonicMs(): number {
    return performance.now();
  }

  override wallMs(): number {
    return Date.now();
  }
}
