import { Slots } from '../../src/prover/work/slots.js';

const never = new AbortController().signal;

describe('slots', () => {
  it('are given in the order in which they were asked for, and never more than there are', async () => {
    const slots = new Slots(1);
    const first = await slots.take(never);
    const served: string[] = [];
    const second = slots.take(never).then((release) => (served.push('second'), release));
    const third = slots.take(never).then((release) => (served.push('third'), release));
    await Promise.resolve();
    expect(served).toEqual([]);
    first?.();
    const release = await second;
    expect(served).toEqual(['second']);
    release?.();
    // Giving a slot back twice gives nobody a second one.
    release?.();
    (await third)?.();
    expect(served).toEqual(['second', 'third']);
  });

  it('are not waited for any longer by who has given up, and go to the next', async () => {
    const slots = new Slots(1);
    const release = await slots.take(never);
    const waiting = new AbortController();
    const abandoned = slots.take(waiting.signal);
    const next = slots.take(never);
    waiting.abort();
    await expect(abandoned).resolves.toBeUndefined();
    release?.();
    await expect(next).resolves.toEqual(expect.any(Function));
    await expect(slots.take(waiting.signal)).resolves.toBeUndefined();
  });
});
