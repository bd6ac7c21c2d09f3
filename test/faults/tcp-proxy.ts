import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** Which way bytes go: from the client that connected to the proxy, or from the server behind it. */
export type Direction = 'up' | 'down';

/**
 * A TCP relay on loopback that can be told to misbehave: delay what passes, swallow one direction (the connection
 * stays open, as a half-open one does), or cut every connection.
 */
export class TcpProxy {
  private readonly pairs = new Set<readonly [client: Socket, server: Socket]>();
  private readonly swallowed = new Set<Direction>();
  private delayMs = 0;
  private refusing = false;

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {
    server.on('connection', (client) => this.relay(client));
  }

  /** @param address `host:port` of the server behind it */
  static async to(address: string): Promise<TcpProxy> {
    const [host = '127.0.0.1', port] = address.split(':');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TcpProxy(server, { host, port: Number(port) });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.pairs.size;
  }

  /** From now on nothing passes in these directions, and nobody is told. */
  swallow(...directions: Direction[]): void {
    for (const direction of directions) this.swallowed.add(direction);
  }

  delay(ms: number): void {
    this.delayMs = ms;
  }

  /** Breaks every connection and lets no new one through. */
  cut(): void {
    this.refusing = true;
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
  }

  /** Everything works again, for connections made from now on and for those that still stand. */
  heal(): void {
    this.refusing = false;
    this.delayMs = 0;
    this.swallowed.clear();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => void this.server.close(() => resolve()));
  }

  private relay(client: Socket): void {
    if (this.refusing) return void client.destroy();
    const server = connect(this.target);
    const pair = [client, server] as const;
    this.pairs.add(pair);
    const end = () => {
      this.pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of pair) socket.on('close', end).on('error', end).setNoDelay();
    this.pass(client, server, 'up');
    this.pass(server, client, 'down');
  }

  private pass(from: Socket, to: Socket, direction: Direction): void {
    from.on('data', (bytes) => {
      if (this.swallowed.has(direction)) return;
      if (this.delayMs === 0) to.write(bytes);
      else setTimeout(() => to.write(bytes), this.delayMs);
    });
  }
}
