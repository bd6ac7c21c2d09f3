import { ManualTime } from '../../test/support/manual-time.js';
import { beat } from './beat.js';
import { Random } from './random.js';

class Fractions extends Random {
  constructor(private readonly values: number[]) {
    super();
  }
  override hex(): string {
    return '';
  }
  override fraction(): number {
    return this.values.shift() ?? 0.5;
  }
}

/** The moments at which a beat of 1,000 ms runs within five seconds. */
function momentsOf(fractions: number[]): number[] {
  const time = new ManualTime();
  const moments: number[] = [];
  beat(time, new Fractions(fractions), 1_000, () => moments.push(time.clock.monotonicMs()));
  time.advance(5_000);
  return moments;
}

it('begins anywhere in the first interval, and then keeps to nine tenths of it or more', () => {
  expect(momentsOf([0.25, 0, 1, 0.5, 0])).toEqual([250, 1_150, 2_150, 3_100, 4_000, 4_950]);
});

it('spreads those that begin at once', () => {
  const firsts = [0, 0.2, 0.4, 0.6, 0.8].map((fraction) => momentsOf([fraction])[0]);
  expect(firsts).toEqual([0, 200, 400, 600, 800]);
});

it('stops when it is told to, also by its own task', () => {
  const time = new ManualTime();
  let beats = 0;
  const stop = beat(time, new Fractions([0]), 100, () => {
    beats += 1;
    if (beats === 2) stop();
  });
  time.advance(1_000);
  expect(beats).toBe(2);
});
