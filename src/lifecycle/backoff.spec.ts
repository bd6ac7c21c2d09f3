import { Backoff } from './backoff.js';
import { Random } from './random.js';

class Fixed extends Random {
  constructor(private readonly value: number) {
    super();
  }
  override hex(): string {
    return '';
  }
  override fraction(): number {
    return this.value;
  }
}

describe('Backoff', () => {
  it('starts at once, doubles up to five seconds, and starts again after a success', () => {
    const backoff = new Backoff(new Fixed(1));
    const waits = Array.from({ length: 8 }, () => backoff.next());
    expect(waits).toEqual([0, 250, 500, 1000, 2000, 4000, 5000, 5000]);
    backoff.reset();
    expect(backoff.next()).toBe(0);
  });

  it('spreads the waits over the whole range', () => {
    const backoff = new Backoff(new Fixed(0.5));
    expect([backoff.next(), backoff.next(), backoff.next()]).toEqual([0, 125, 250]);
  });
});
