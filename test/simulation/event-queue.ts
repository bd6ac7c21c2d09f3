interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** What is to happen, in order of virtual time; at one moment, in the order in which it was asked for. */
export class EventQueue {
  nowMs = 0;
  private readonly heap: Entry[] = [];
  private orders = 0;

  /** Returns a function that takes the event back. */
  at(atMs: number, run: () => void): () => void {
    this.orders += 1;
    const entry = { atMs: Math.max(atMs, this.nowMs), order: this.orders, run, cancelled: false };
    this.heap.push(entry);
    this.rise(this.heap.length - 1);
    return () => {
      entry.cancelled = true;
    };
  }

  after(delayMs: number, run: () => void): () => void {
    return this.at(this.nowMs + delayMs, run);
  }

  /** Runs the next event; false when there is none. */
  step(): boolean {
    for (;;) {
      const entry = this.pop();
      if (!entry) return false;
      if (entry.cancelled) continue;
      this.nowMs = entry.atMs;
      entry.run();
      return true;
    }
  }

  private pop(): Entry | undefined {
    const [first] = this.heap;
    const last = this.heap.pop();
    if (last && last !== first) {
      this.heap[0] = last;
      this.sink(0);
    }
    return first;
  }

  private rise(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.swapIfEarlier(index, parent)) return;
      index = parent;
    }
  }

  private sink(start: number): void {
    let index = start;
    for (;;) {
      const left = index * 2 + 1;
      const right = left + 1;
      const child = this.earlier(right, left) ? right : left;
      if (!this.swapIfEarlier(child, index)) return;
      index = child;
    }
  }

  private earlier(one: number, other: number): boolean {
    const a = this.heap[one];
    const b = this.heap[other];
    return a !== undefined && b !== undefined && (a.atMs - b.atMs || a.order - b.order) < 0;
  }

  private swapIfEarlier(child: number, parent: number): boolean {
    const a = this.heap[child];
    const b = this.heap[parent];
    if (!a || !b || !this.earlier(child, parent)) return false;
    this.heap[child] = b;
    this.heap[parent] = a;
    return true;
  }
}
