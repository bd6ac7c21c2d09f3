const BITS = 32;

/** A set of numbers below a bound, in order: the next and the last member are found without going through all places. */
export class IndexSet {
  private readonly words: Uint32Array;
  /** One bit for each word that is not empty. */
  private readonly filled: Uint32Array;
  private count = 0;

  constructor(private readonly bound: number) {
    const words = Math.ceil(bound / BITS);
    this.words = new Uint32Array(words);
    this.filled = new Uint32Array(Math.ceil(words / BITS));
  }

  get size(): number {
    return this.count;
  }

  has(index: number): boolean {
    return ((wordAt(this.words, index >>> 5) >>> (index & 31)) & 1) === 1;
  }

  /** Makes the number a member or not. Returns whether that changed anything. */
  set(index: number, member: boolean): boolean {
    if (this.has(index) === member) return false;
    const place = index >>> 5;
    const word = wordAt(this.words, place) ^ (1 << (index & 31));
    this.words[place] = word;
    this.count += member ? 1 : -1;
    const bit = 1 << (place & 31);
    const filled = wordAt(this.filled, place >>> 5);
    this.filled[place >>> 5] = word === 0 ? filled & ~bit : filled | bit;
    return true;
  }

  /** The smallest member from `from` on and below `to`; -1 where there is none. */
  next(from: number, to = this.bound): number {
    const here = wordAt(this.words, from >>> 5) & (ALL << (from & 31));
    const place = here === 0 ? nextBit(this.filled, (from >>> 5) + 1) : from >>> 5;
    if (place < 0) return -1;
    const found = place * BITS + lowest(here === 0 ? wordAt(this.words, place) : here);
    return found < to ? found : -1;
  }

  /** The largest member below `before`; -1 where there is none. */
  last(before = this.bound): number {
    if (before <= 0) return -1;
    const top = before - 1;
    const here = wordAt(this.words, top >>> 5) & (ALL >>> (31 - (top & 31)));
    const place = here === 0 ? lastBit(this.filled, (top >>> 5) - 1) : top >>> 5;
    if (place < 0) return -1;
    return place * BITS + highest(here === 0 ? wordAt(this.words, place) : here);
  }

  /** The members from `from` on and below `to`, in order; the set may change meanwhile. */
  *members(from = 0, to = this.bound): Generator<number> {
    for (let index = this.next(from, to); index >= 0; index = this.next(index + 1, to)) yield index;
  }
}

const ALL = 0xffffffff;

function wordAt(words: Uint32Array, place: number): number {
  return words[place] ?? 0;
}

function lowest(word: number): number {
  return 31 - Math.clz32(word & -word);
}

function highest(word: number): number {
  return 31 - Math.clz32(word);
}

function nextBit(words: Uint32Array, from: number): number {
  let word = wordAt(words, from >>> 5) & (ALL << (from & 31));
  for (let place = from >>> 5; place < words.length; word = wordAt(words, (place += 1))) {
    if (word !== 0) return place * BITS + lowest(word);
  }
  return -1;
}

function lastBit(words: Uint32Array, top: number): number {
  if (top < 0) return -1;
  let word = wordAt(words, top >>> 5) & (ALL >>> (31 - (top & 31)));
  for (let place = top >>> 5; place >= 0; word = wordAt(words, (place -= 1))) {
    if (word !== 0) return place * BITS + highest(word);
  }
  return -1;
}
