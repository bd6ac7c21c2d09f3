import { credentials, Metadata, type CallOptions, type ChannelCredentials, type ClientOptions } from '@grpc/grpc-js';
import { MAX_MESSAGE_BYTES } from '../wire/message-size.js';
import { checkUrl } from './arguments.js';
import { TlsCredentials } from './client-tls.js';
import { checkConnection, withKey, type ConnectionOptions } from './connection-options.js';

/** Address of a coordinator as grpc-js takes it. */
export interface Target {
  /** `http://host:port` or `https://host:port` */
  readonly url: string;
  /** `host:port` */
  readonly address: string;
  readonly credentials: ChannelCredentials;
  readonly options: ClientOptions;
}

const FIRST_RECONNECT_MS = 100;
const LONGEST_RECONNECT_MS = 2000;
/** A peer that is gone without a word (a cut line, a stopped process) is noticed within both together. */
const KEEPALIVE_MS = 20_000;
const KEEPALIVE_ANSWER_MS = 20_000;
/** A call that answers at once takes no longer than this. */
const SOON_MS = 10_000;

/**
 * How to reach the coordinator at a URL.
 * @param url `http://host:port`, or `https://host:port`
 * @throws ArgumentError where it is no such URL, or an option is none
 */
export function targetOf(url: string, connection: ConnectionOptions = {}): Target {
  checkUrl(url);
  checkConnection(connection);
  const { protocol, hostname, port } = new URL(url);
  const isSecure = protocol === 'https:';
  const address = `${hostname}:${port || (isSecure ? '443' : '80')}`;
  return {
    url: `${protocol}//${address}`,
    address,
    credentials: isSecure ? tlsCredentials(hostname, connection) : credentials.createInsecure(),
    options: {
      interceptors: connection.key === undefined ? [] : [withKey(connection.key)],
      // Each client has connections of its own, so that bulk bytes do not delay the messages of a task stream.
      'grpc.use_local_subchannel_pool': 1,
      'grpc.initial_reconnect_backoff_ms': FIRST_RECONNECT_MS,
      'grpc.max_reconnect_backoff_ms': LONGEST_RECONNECT_MS,
      'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
      // Only while a call is under way.
      'grpc.keepalive_time_ms': KEEPALIVE_MS,
      'grpc.keepalive_timeout_ms': KEEPALIVE_ANSWER_MS,
      // Only the variable that is gRPC's own asks for a proxy: `http_proxy` is meant for the web, and a coordinator
      // on this machine or network is not reached through it.
      'grpc.enable_http_proxy': process.env['grpc_proxy'] ? 1 : 0,
    },
  };
}

/** @throws ArgumentError where the certificates cannot be used */
function tlsCredentials(hostname: string, { tls = {} }: ConnectionOptions): ChannelCredentials {
  return new TlsCredentials(hostname.replaceAll(/[[\]]/g, ''), typeof tls === 'function' ? tls : () => tls);
}

/** Metadata and deadline of a call that answers at once. */
export function soon(): [Metadata, Partial<CallOptions>] {
  return within(SOON_MS);
}

/** Metadata and deadline of a call that answers within so many milliseconds. */
export function within(ms: number): [Metadata, Partial<CallOptions>] {
  return [new Metadata(), { deadline: Date.now() + ms }];
}
