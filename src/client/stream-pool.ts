/** What a pool keeps: a client of one service with a connection of its own. */
interface Closable {
  close(): void;
}

/** A coordinator takes 32 streams over one connection, and counts a cancelled one until it has noticed. */
const STREAMS_PER_CONNECTION = 24;

/** Connections for streams that stay open: as many as the streams need, and used again. */
export class StreamPool<Client extends Closable> {
  private readonly open = new Map<Client, number>();

  /** @param connect makes a client with a connection of its own */
  constructor(private readonly connect: () => Client) {}

  /** A client for one more stream; `release` is to be called when the stream is over. */
  take(): { readonly client: Client; readonly release: () => void } {
    const [known] = [...this.open].find(([, streams]) => streams < STREAMS_PER_CONNECTION) ?? [];
    const client = known ?? this.connect();
    this.open.set(client, (this.open.get(client) ?? 0) + 1);
    let isOver = false;
    const release = () => {
      if (!isOver) this.open.set(client, (this.open.get(client) ?? 1) - 1);
      isOver = true;
    };
    return { client, release };
  }

  /** Connections that are open. */
  get size(): number {
    return this.open.size;
  }

  close(): void {
    for (const client of this.open.keys()) client.close();
    this.open.clear();
  }
}
