import { status, type ServerDuplexStream } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcStreamCall } from '@nestjs/microservices';
import {
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from '../../wire/generated/grpc/reflection/v1/reflection.js';
import { FileDescriptors } from './file-descriptors.js';

type Answer = NonNullable<ServerReflectionResponse['messageResponse']>;
type ReflectionCall = ServerDuplexStream<ServerReflectionRequest, ServerReflectionResponse>;

/** Tells tools the schema. Both published versions of the interface have the same messages. */
@Controller()
export class ReflectionController {
  constructor(private readonly schema: FileDescriptors) {}

  @GrpcStreamCall('grpc.reflection.v1.ServerReflection', 'ServerReflectionInfo')
  reflect(call: ReflectionCall): void {
    this.answerAll(call);
  }

  @GrpcStreamCall('grpc.reflection.v1alpha.ServerReflection', 'ServerReflectionInfo')
  reflectAlpha(call: ReflectionCall): void {
    this.answerAll(call);
  }

  private answerAll(call: ReflectionCall): void {
    call.on('data', (request: ServerReflectionRequest) => {
      const messageResponse = this.answer(request);
      const written = call.write({ validHost: request.host, originalRequest: request, messageResponse });
      if (written) return;
      call.pause();
      call.once('drain', () => call.resume());
    });
    call.on('end', () => call.end());
  }

  private answer({ messageRequest }: ServerReflectionRequest): Answer {
    switch (messageRequest?.$case) {
      case 'listServices':
        return { $case: 'listServicesResponse', value: { service: this.schema.services.map((name) => ({ name })) } };
      case 'fileByFilename':
        return files(this.schema.byName(messageRequest.value), `file ${messageRequest.value}`);
      case 'fileContainingSymbol':
        return files(this.schema.bySymbol(messageRequest.value), `symbol ${messageRequest.value}`);
      case 'fileContainingExtension':
      case 'allExtensionNumbersOfType':
        return failure(status.NOT_FOUND, 'the schema declares no proto2 extensions');
      case undefined:
        return failure(status.INVALID_ARGUMENT, 'the request asks for nothing that this interface has');
    }
  }
}

function files(found: Uint8Array[] | undefined, what: string): Answer {
  if (!found) return failure(status.NOT_FOUND, `${what} is not in the schema`);
  return { $case: 'fileDescriptorResponse', value: { fileDescriptorProto: found } };
}

function failure(errorCode: status, errorMessage: string): Answer {
  return { $case: 'errorResponse', value: { errorCode, errorMessage } };
}
