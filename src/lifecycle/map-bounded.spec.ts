import { mapBounded } from './map-bounded.js';

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('mapBounded', () => {
  it('gives the results in the order of the items, and never works on more than its width', async () => {
    let [running, most] = [0, 0];
    const results = await mapBounded([3, 1, 2, 5, 4], 2, async (item) => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn < item; turn += 1) await soon();
      running -= 1;
      return item * 10;
    });
    expect(results).toEqual([30, 10, 20, 50, 40]);
    expect(most).toBe(2);
  });

  it('begins nothing more once one has failed', async () => {
    const begun: number[] = [];
    const failing = mapBounded([0, 1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item);
      await soon();
      if (item === 0) throw new Error('item 0');
    });
    await expect(failing).rejects.toThrow('item 0');
    for (let turn = 0; turn < 10; turn += 1) await soon();
    expect(begun).toEqual([0, 1]);
  });
});
