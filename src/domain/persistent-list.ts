/** Items of one chunk: a change copies one chunk and the list of chunks, however long the list is. */
const CHUNK = 128;

type Chunk<T> = readonly T[];
type Test<T> = (item: T) => boolean;

/** How many items of a chunk pass a test. Chunks never change, so each is counted once. */
const counts = new WeakMap<Test<never>, WeakMap<Chunk<unknown>, number>>();

/**
 * An immutable list of which a changed copy shares what did not change. So a change costs the same in a long list as
 * in a short one, nearly, and what differs between two states of a list is found without looking at the rest.
 */
export class PersistentList<T> implements Iterable<T> {
  private constructor(
    private readonly chunks: readonly Chunk<T>[],
    readonly length: number,
  ) {}

  static of<T>(items: readonly T[]): PersistentList<T> {
    const chunks: Chunk<T>[] = [];
    for (let start = 0; start < items.length; start += CHUNK) chunks.push(items.slice(start, start + CHUNK));
    return new PersistentList(chunks, items.length);
  }

  /** A negative index counts from the end. */
  at(index: number): T | undefined {
    const place = index < 0 ? index + this.length : index;
    return this.chunks[Math.floor(place / CHUNK)]?.[place % CHUNK];
  }

  /** @throws RangeError when the list has no such item */
  with(index: number, item: T): PersistentList<T> {
    return this.updated([index], () => item);
  }

  /** A copy in which these items are what `change` makes of them. @throws RangeError when the list has no such item */
  updated(indices: Iterable<number>, change: (item: T, index: number) => T): PersistentList<T> {
    const copies = new Map<number, T[]>();
    for (const index of indices) {
      if (index < 0 || index >= this.length) throw new RangeError(`no item ${index} in a list of ${this.length}`);
      const place = Math.floor(index / CHUNK);
      const copy = copies.get(place) ?? [...(this.chunks[place] ?? [])];
      copies.set(place, copy);
      copy[index % CHUNK] = change(copy[index % CHUNK] as T, index);
    }
    return this.withChunks(copies);
  }

  /** A copy in which every item is what `change` makes of it; chunks without a change are shared. */
  transformed(change: (item: T) => T): PersistentList<T> {
    const copies = new Map<number, readonly T[]>();
    for (const [place, chunk] of this.chunks.entries()) {
      const copy = chunk.map((item) => change(item));
      if (copy.some((item, index) => item !== chunk[index])) copies.set(place, copy);
    }
    return this.withChunks(copies);
  }

  appended(item: T): PersistentList<T> {
    const full = Math.floor(this.length / CHUNK);
    const chunks = [...this.chunks.slice(0, full), [...(this.chunks[full] ?? []), item]];
    return new PersistentList(chunks, this.length + 1);
  }

  /** The items that differ from those of an earlier state of the list, by identity, with their places. */
  *changesSince(before: PersistentList<T>): Generator<readonly [index: number, item: T, before: T | undefined]> {
    if (before === this) return;
    for (const [place, chunk] of this.chunks.entries()) {
      const old = before.chunks[place];
      if (old === chunk) continue;
      for (const [index, item] of chunk.entries()) {
        if (old?.[index] !== item) yield [place * CHUNK + index, item, old?.[index]];
      }
    }
  }

  /** How many items pass. `test` is a pure function that lives as long as the program: its results are kept. */
  count(test: Test<T>): number {
    const known = counts.get(test) ?? new WeakMap<Chunk<unknown>, number>();
    counts.set(test, known);
    let sum = 0;
    for (const chunk of this.chunks) {
      let passed = known.get(chunk);
      if (passed === undefined) {
        passed = chunk.reduce((passing, item) => passing + (test(item) ? 1 : 0), 0);
        known.set(chunk, passed);
      }
      sum += passed;
    }
    return sum;
  }

  *[Symbol.iterator](): Generator<T> {
    for (const chunk of this.chunks) yield* chunk;
  }

  map<U>(make: (item: T, index: number) => U): U[] {
    return this.chunks.flat().map((item, index) => make(item, index));
  }

  toJSON(): readonly T[] {
    return [...this];
  }

  private withChunks(copies: ReadonlyMap<number, Chunk<T>>): PersistentList<T> {
    if (copies.size === 0) return this;
    const chunks = [...this.chunks];
    for (const [place, copy] of copies) chunks[place] = copy;
    return new PersistentList(chunks, this.length);
  }
}
