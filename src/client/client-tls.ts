import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type ConnectionOptions, type SecureContext, type TLSSocket } from 'node:tls';
import { ChannelCredentials, credentials } from '@grpc/grpc-js';
import { ArgumentError } from './argument.error.js';
import { tlsError } from './connection-problem.js';

/** Certificates and keys in PEM. */
export interface TlsOptions {
  /** Authorities that the coordinator's certificate is checked against. Default: those that Node knows. */
  readonly ca?: string | Uint8Array;
  /** This side's own certificate, where the coordinator asks for one; together with `key`. */
  readonly cert?: string | Uint8Array;
  readonly key?: string | Uint8Array;
}

type Connector = ReturnType<ChannelCredentials['_createSecureConnector']>;
type ConnectorArguments = Parameters<ChannelCredentials['_createSecureConnector']>;

const NO_CALL_CREDENTIALS = credentials.createEmpty();

/** TLS with the certificates that there are when a connection is made: a long-lived channel takes renewed ones. */
export class TlsCredentials extends ChannelCredentials {
  /**
   * @param host whose certificate it must be
   * @param current what to use for the next connection
   * @throws ArgumentError where it cannot be used
   */
  constructor(
    private readonly host: string,
    private readonly current: () => TlsOptions,
  ) {
    super();
    secureContextOf(this.current());
  }

  override _isSecure(): boolean {
    return true;
  }

  override _equals(other: ChannelCredentials): boolean {
    return other === this;
  }

  override _createSecureConnector(...[, , callCredentials = NO_CALL_CREDENTIALS]: ConnectorArguments): Connector {
    return {
      connect: async (socket) => ({ socket: await this.secured(socket), secure: true }),
      waitForReady: () => Promise.resolve(),
      getCallCredentials: () => callCredentials,
      destroy: () => undefined,
    };
  }

  private secured(socket: Socket): Promise<TLSSocket> {
    const { host } = this;
    const options: ConnectionOptions = {
      socket,
      host,
      // An address is no server name, and is checked all the same.
      ...(isIP(host) === 0 && { servername: host }),
      secureContext: secureContextOf(this.current()),
      ALPNProtocols: ['h2'],
    };
    return new Promise((resolve, reject) => {
      const secured = connect(options, () => resolve(secured));
      secured.on('error', (error) => reject(tlsError(error)));
      secured.once('close', () => reject(tlsError(new Error('the connection was closed during the handshake'))));
    });
  }
}

function secureContextOf({ ca, cert, key }: TlsOptions): SecureContext {
  const pem = (value: string | Uint8Array) => (typeof value === 'string' ? value : Buffer.from(value));
  try {
    return createSecureContext({
      minVersion: 'TLSv1.2',
      ...(ca !== undefined && { ca: pem(ca) }),
      ...(cert !== undefined && { cert: pem(cert) }),
      ...(key !== undefined && { key: pem(key) }),
    });
  } catch (error) {
    throw new ArgumentError('options.tls', error, 'certificates and a key in PEM that belong together');
  }
}
