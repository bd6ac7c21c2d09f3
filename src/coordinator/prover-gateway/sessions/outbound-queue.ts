/** Where messages go: false from `write` means that nothing more should be written until `onDrain` is called. */
export interface MessageSink<T> {
  readonly write: (message: T) => boolean;
  readonly onDrain: (listener: () => void) => void;
}

/** Messages, and their bytes, that may wait for a slow prover; then it is given nothing new. */
const MAX_WAITING = 64;
const MAX_WAITING_BYTES = 8 * 2 ** 20;

/** Messages to one prover. It never grows beyond its bound: what does not fit is refused. */
export class OutboundQueue<T> {
  private readonly waiting: { readonly message: T; readonly bytes: number }[] = [];
  private waitingBytes = 0;
  private writable = true;

  /**
   * @param sizeOf bytes of a message; asked only of one that has to wait
   * @param onRoom called when a full queue has room again
   */
  constructor(
    private readonly sink: MessageSink<T>,
    private readonly sizeOf: (message: T) => number,
    private readonly onRoom: () => void,
  ) {
    sink.onDrain(() => this.flush());
  }

  get hasRoom(): boolean {
    return this.waiting.length < MAX_WAITING && this.waitingBytes < MAX_WAITING_BYTES;
  }

  /** False where the message could not be taken. */
  push(message: T): boolean {
    if (this.writable) {
      this.writable = this.sink.write(message);
      return true;
    }
    if (!this.hasRoom) return false;
    const bytes = this.sizeOf(message);
    this.waiting.push({ message, bytes });
    this.waitingBytes += bytes;
    return true;
  }

  private flush(): void {
    const wasFull = !this.hasRoom;
    this.writable = true;
    while (this.writable) {
      const next = this.waiting.shift();
      if (next === undefined) break;
      this.waitingBytes -= next.bytes;
      this.writable = this.sink.write(next.message);
    }
    if (wasFull && this.hasRoom) this.onRoom();
  }
}
