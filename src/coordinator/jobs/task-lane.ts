/** Of so many turns one is the longest waiting task's, whatever its round. */
const TURNS_PER_OLDEST = 4;

interface Waiting<T> {
  readonly task: T;
  /** Smaller came earlier. */
  readonly order: number;
  readonly round: number;
}

/**
 * Tasks that wait for one of a few places. One that is not finished in its round waits for the next. Those of an early
 * round go first, as they take less time; but now and then the one that came first has its turn, so that none waits for ever.
 */
export class TaskLane<T> {
  /** In order of arrival. */
  private readonly waiting: Waiting<T>[] = [];
  private arrivals = 0;
  private running = 0;
  private turns = 0;

  /** @param run says whether the task is finished, and never rejects */
  constructor(
    private readonly places: number,
    private readonly run: (task: T, round: number) => Promise<boolean>,
  ) {}

  push(task: T): void {
    this.arrivals += 1;
    this.waiting.push({ task, order: this.arrivals, round: 0 });
    this.startNext();
  }

  private startNext(): void {
    if (this.running >= this.places) return;
    const next = this.takeNext();
    if (!next) return;
    this.running += 1;
    void this.runOne(next);
  }

  private async runOne(next: Waiting<T>): Promise<void> {
    const isFinished = await this.run(next.task, next.round);
    this.running -= 1;
    if (!isFinished) this.putBack(next);
    this.startNext();
  }

  private putBack(waiting: Waiting<T>): void {
    const later = this.waiting.findIndex(({ order }) => order > waiting.order);
    this.waiting.splice(later < 0 ? this.waiting.length : later, 0, { ...waiting, round: waiting.round + 1 });
  }

  private takeNext(): Waiting<T> | undefined {
    this.turns += 1;
    if (this.turns % TURNS_PER_OLDEST === 0) return this.waiting.shift();
    const earliest = this.waiting.reduce((least, { round }) => Math.min(least, round), Number.POSITIVE_INFINITY);
    const index = this.waiting.findIndex(({ round }) => round === earliest);
    return index < 0 ? undefined : this.waiting.splice(index, 1)[0];
  }
}
