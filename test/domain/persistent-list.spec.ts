import fc from 'fast-check';
import { PersistentList } from '../../src/domain/persistent-list.js';

type Step = {
  readonly place: number;
  readonly value: number;
  readonly kind: 'with' | 'append' | 'updated' | 'transform';
};

const isEven = (value: number): boolean => value % 2 === 0;

const steps = fc.array(
  fc.record<Step>({
    place: fc.nat(2_000),
    value: fc.nat(1_000),
    kind: fc.constantFrom('with', 'append', 'updated', 'transform'),
  }),
  { maxLength: 30 },
);

/** The same change to a list and to an array. */
function changed(list: PersistentList<number>, array: readonly number[], { kind, place, value }: Step) {
  const index = array.length === 0 ? 0 : place % array.length;
  if (kind === 'append' || array.length === 0) return { list: list.appended(value), array: [...array, value] };
  if (kind === 'with') return { list: list.with(index, value), array: array.with(index, value) };
  if (kind === 'transform') {
    const change = (item: number) => (item === array[index] ? value : item);
    return { list: list.transformed(change), array: array.map(change) };
  }
  const change = (item: number) => item + value;
  const places = [...new Set([0, index, array.length - 1])];
  return {
    list: list.updated(places, change),
    array: array.map((item, at) => (places.includes(at) ? change(item) : item)),
  };
}

describe('a persistent list', () => {
  it('holds what an array holds after the same changes, and names what differs', () => {
    const start = fc.array(fc.nat(1_000), { maxLength: 700, size: 'max' });
    fc.assert(
      fc.property(start, steps, (items, taken) => {
        const before = { list: PersistentList.of(items), array: items as readonly number[] };
        let now = before;
        for (const step of taken) {
          now = changed(now.list, now.array, step);
          expect([...now.list]).toEqual(now.array);
          expect(now.list.length).toBe(now.array.length);
          expect(now.list.count(isEven)).toBe(now.array.filter(isEven).length);
          expect(now.list.at(step.place)).toBe(now.array[step.place]);
          expect(now.list.at(-1)).toBe(now.array.at(-1));
        }
        expect([...before.list]).toEqual(items);
        const differing = now.array.flatMap((item, index) =>
          item === items[index] ? [] : [[index, item, items[index]]],
        );
        expect([...now.list.changesSince(before.list)]).toEqual(differing);
      }),
    );
  });

  it('shares what a change leaves alone', () => {
    const objects = Array.from({ length: 1_000 }, (_, index) => ({ index }));
    const before = PersistentList.of(objects);
    const after = before.with(500, { index: -1 });
    expect([...after.changesSince(before)]).toEqual([[500, { index: -1 }, { index: 500 }]]);
    expect(after.transformed((item) => item)).toBe(after);
    expect(before.updated([], () => ({ index: 0 }))).toBe(before);
  });

  it.each([-1, 3])('has no item %i of three to change', (index) => {
    expect(() => PersistentList.of(['a', 'b', 'c']).with(index, 'd')).toThrow(`no item ${index} in a list of 3`);
  });
});
