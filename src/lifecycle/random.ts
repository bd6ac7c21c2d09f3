import { randomBytes, randomInt } from 'node:crypto';

/** The one source of randomness: ids, session tokens, jitter. */
export abstract class Random {
  /** `bytes` random bytes as lower-case hex. */
  abstract hex(bytes: number): string;
  /** A number in [0, 1). */
  abstract fraction(): number;
}

const FRACTION_STEPS = 2 ** 32;

export class SystemRandom extends Random {
  override hex(bytes: number): string {
    return randomBytes(bytes).toString('hex');
  }

  override fraction(): number {
    return randomInt(FRACTION_STEPS) / FRACTION_STEPS;
  }
}
