import { connectivityState, Metadata, status, type Client } from '@grpc/grpc-js';

type Channel = ReturnType<Client['getChannel']>;

/** A coordinator that can be reached is connected to within this, also over a slow line. */
const CONNECT_MS = 20_000;

/**
 * Resolves once the client is connected, or cannot be: then its calls fail with the reason. For calls that may last, and
 * so have no deadline: the system takes a connection for a process that does not answer, and they would wait for ever.
 * @param signal ends the waiting; the call is the one to say so
 * @throws ServiceError UNAVAILABLE
 */
export async function connected(client: Client, signal?: AbortSignal): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  const channel = client.getChannel();
  const deadline = Date.now() + CONNECT_MS;
  for (;;) {
    if (signal?.aborted || !isUndecided(channel)) return;
    await Promise.race([change(channel, deadline), ended]);
  }
}

function isUndecided(channel: Channel): boolean {
  const state = channel.getConnectivityState(true);
  return state === connectivityState.IDLE || state === connectivityState.CONNECTING;
}

function change(channel: Channel, deadline: number): Promise<void> {
  return new Promise((resolve, reject) => {
    channel.watchConnectivityState(channel.getConnectivityState(false), deadline, (late) => {
      if (late) reject(silent());
      else resolve();
    });
  });
}

function silent(): Error {
  const details = `it takes the connection and says nothing for ${CONNECT_MS / 1000} s`;
  return Object.assign(new Error(details), { code: status.UNAVAILABLE, details, metadata: new Metadata() });
}
