import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import {
  Server,
  ServerCredentials,
  setLogger,
  type ServerInterceptor,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { ServerGrpc, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { GrpcMethodStreamingType } from '@nestjs/microservices/decorators/message-pattern.decorator.js';
import { MAX_MESSAGE_BYTES } from '../../wire/message-size.js';
import { bindFailure } from './bind-failure.js';
import { clientStreamMethod, missingMethod, serverStreamMethod, unaryMethod } from './grpc-methods.js';

export interface GrpcTransportOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Controllers bind methods by the full names that these definitions' paths have. */
  readonly services: readonly ServiceDefinition[];
  readonly interceptors?: readonly ServerInterceptor[];
  /** Default: no TLS. */
  readonly credentials?: ServerCredentials;
  /** How long a stop waits for running calls, in milliseconds. */
  readonly shutdownGraceMs: number;
}

const SIDE = { name: 'gRPC', hostFlag: '--host', portFlag: '--port' } as const;
const MAX_STREAMS_PER_CONNECTION = 32;

type MethodDefinition = ServiceDefinition[string];

/**
 * Nest's gRPC transport with four differences: it binds generated service definitions, so that 64-bit integers stay
 * exact; it keeps the bound port; a handler that throws ends its call with a status instead of ending the process; a
 * stop has a deadline.
 */
export class GrpcTransport extends ServerGrpc implements CustomTransportStrategy {
  private readonly log = new Logger(GrpcTransport.name);
  private server: Server | undefined;
  private boundPort: number | undefined;

  constructor(private readonly settings: GrpcTransportOptions) {
    super({ package: [], protoPath: [] });
  }

  /** The port that is served. @throws Error before the transport listens */
  get port(): number {
    if (this.boundPort === undefined) throw new Error('the gRPC transport does not listen yet');
    return this.boundPort;
  }

  override async listen(callback: (error?: unknown) => void): Promise<void> {
    // The library's own words would go to standard error, whatever the format of the log.
    setLogger({ error: (text: unknown) => this.log.debug(text) });
    try {
      const server = new Server({
        interceptors: [...(this.settings.interceptors ?? [])],
        'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
        'grpc.max_concurrent_streams': MAX_STREAMS_PER_CONNECTION,
      });
      for (const service of this.settings.services) server.addService(service, this.implement(service));
      this.boundPort = await bind(server, this.settings);
      this.server = server;
      callback();
    } catch (error) {
      callback(error);
    }
  }

  override async close(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (!server) return;
    const stopped = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
    const expired = once(AbortSignal.timeout(this.settings.shutdownGraceMs), 'abort');
    await Promise.race([stopped, expired]);
    server.forceShutdown();
  }

  private implement(definition: ServiceDefinition): UntypedServiceImplementation {
    const methods = Object.entries(definition);
    return Object.fromEntries(methods.map(([key, method]) => [key, this.implementMethod(method)]));
  }

  private implementMethod(method: MethodDefinition): UntypedServiceImplementation[string] {
    const handler = this.handlerOf(method);
    if (!handler) {
      this.log.debug(`${method.path} has no handler`);
      return missingMethod(method);
    }
    if (method.requestStream) return clientStreamMethod(handler);
    return method.responseStream ? serverStreamMethod(handler) : unaryMethod(handler);
  }

  private handlerOf({ path, requestStream }: MethodDefinition): MessageHandler | undefined {
    const [, service = '', rpc = ''] = path.split('/');
    const streaming = requestStream ? GrpcMethodStreamingType.PT_STREAMING : GrpcMethodStreamingType.NO_STREAMING;
    return this.messageHandlers.get(this.createPattern(service, rpc, streaming));
  }
}

async function bind(server: Server, { host, port, credentials }: GrpcTransportOptions): Promise<number> {
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials ?? ServerCredentials.createInsecure(), (cause, bound) => {
      if (!cause) return resolve(bound);
      reject(bindFailure(SIDE, address, cause));
    });
  });
}
