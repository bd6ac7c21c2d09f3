import { join } from 'node:path';
import {
  Client,
  credentials,
  Metadata,
  type ClientReadableStream,
  type MethodDefinition,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { answer } from './calls.js';
import { ROOT } from './program.js';

/** A decoded message: names as in the schema, 64-bit integers and enumerations as strings. */
export type Message = Record<string, unknown>;

/** Calls a service by its schema file alone, without a line of the product's code. */
export class ServiceClient {
  private readonly client: Client;
  private readonly service: ServiceDefinition;

  /** @param file the schema, below proto/ @param service its full name */
  constructor(address: string, file: string, service: string) {
    const options = {
      keepCase: true,
      longs: String,
      enums: String,
      defaults: true,
      oneofs: true,
      includeDirs: [join(ROOT, 'proto')],
    };
    this.service = loadSync(file, options)[service] as ServiceDefinition;
    this.client = new Client(address, credentials.createInsecure());
  }

  call(rpc: string, request: Message = {}): Promise<Message> {
    const { path, requestSerialize, responseDeserialize } = this.method(rpc);
    return answer((done) =>
      this.client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        new Metadata(),
        {},
        done as never,
      ),
    );
  }

  receive(rpc: string, request: Message): ClientReadableStream<Message> {
    const { path, requestSerialize, responseDeserialize } = this.method(rpc);
    return this.client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, new Metadata());
  }

  close(): void {
    this.client.close();
  }

  private method(rpc: string): MethodDefinition<Message, Message> {
    const method = this.service[rpc];
    if (!method) throw new Error(`the schema has no ${rpc}`);
    return method as MethodDefinition<Message, Message>;
  }
}
