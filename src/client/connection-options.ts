import { InterceptingCall, type Interceptor } from '@grpc/grpc-js';
import { SECRET } from '../domain/access/api-key.js';
import { ArgumentError } from './argument.error.js';
import { checkFields } from './arguments.js';
import type { TlsOptions } from './client-tls.js';

/** How a client shows who it is, and whom it trusts. */
export interface ConnectionOptions {
  /** A key of the coordinator, as `proofloom keys create` shows it; a function is asked at each call. Default: none. */
  readonly key?: string | (() => string | undefined);
  /** For `https` addresses; a function is asked at each connection. Default: the authorities that Node knows. */
  readonly tls?: TlsOptions | (() => TlsOptions);
}

/** @throws ArgumentError without anything of a secret */
export function checkConnection(options: unknown): asserts options is ConnectionOptions {
  checkFields('options', options, 'an object');
  const { key, tls } = options;
  const isKey = typeof key === 'function' || (typeof key === 'string' && SECRET.test(key));
  if (key !== undefined && !isKey) {
    throw new ArgumentError('options.key', new Secret(), 'a key as it was shown, without spaces');
  }
  if (tls !== undefined && typeof tls !== 'function') {
    checkFields('options.tls', tls, 'an object with ca, cert and key in PEM, or a function that returns one');
  }
}

/** Sends a key with every call. */
export function withKey(key: string | (() => string | undefined)): Interceptor {
  return (options, next) =>
    new InterceptingCall(next(options), {
      start: (metadata, listener, proceed) => {
        const secret = typeof key === 'function' ? key() : key;
        if (secret !== undefined) metadata.set('authorization', `Bearer ${secret}`);
        proceed(metadata, listener);
      },
    });
}

/** Stands in messages where a secret would. */
class Secret {}
