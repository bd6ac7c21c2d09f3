/** Gives a slot back; once. */
export type Release = () => void;

/** A fixed number of slots; who comes first is served first. */
export class Slots {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(readonly count: number) {
    this.free = count;
  }

  get taken(): number {
    return this.count - this.free;
  }

  /** Resolves with a slot, or with undefined once the signal has fired. */
  take(signal: AbortSignal): Promise<Release | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    if (this.free > 0) return Promise.resolve(this.occupy());
    return new Promise((resolve) => {
      const serve = () => {
        signal.removeEventListener('abort', giveUp);
        resolve(this.occupy());
      };
      const giveUp = () => {
        this.waiting.splice(this.waiting.indexOf(serve), 1);
        resolve(undefined);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.waiting.push(serve);
    });
  }

  private occupy(): Release {
    this.free -= 1;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.free += 1;
      if (this.free > 0) this.waiting.shift()?.();
    };
  }
}
