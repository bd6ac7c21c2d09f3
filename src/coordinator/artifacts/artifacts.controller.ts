import { status, type sendUnaryData, type ServerReadableStream } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethod, GrpcStreamCall } from '@nestjs/microservices';
import { ContentStore } from '../../content/content-store.js';
import { parseSha256 } from '../../domain/ids.js';
import { toChunks, toDeclaredUpload } from '../../wire/artifacts/upload.js';
import {
  ArtifactKind,
  type GetArtifactRequest,
  type GetArtifactResponse,
  type PutRequest,
  type PutResponse,
  type StatRequest,
  type StatResponse,
} from '../../wire/generated/proofloom/v1/artifacts.js';
import { ARTIFACTS } from '../../wire/services.js';
import { StatusError } from '../transport/status-error.js';

/** Programs, inputs and proofs by digest. */
@Controller()
export class ArtifactsController {
  constructor(private readonly content: ContentStore) {}

  @GrpcStreamCall(ARTIFACTS, 'Put')
  async put(call: ServerReadableStream<PutRequest, PutResponse>, answer: sendUnaryData<PutResponse>): Promise<void> {
    const parts = call[Symbol.asyncIterator]() as AsyncIterator<PutRequest>;
    const declared = toDeclaredUpload((await parts.next()).value as PutRequest | undefined);
    const { existing } = await this.content.put(declared, toChunks(parts), declared.kind);
    answer(null, { sha256: declared.sha256, size: BigInt(declared.size), existing });
  }

  @GrpcMethod(ARTIFACTS, 'Get')
  async *get(request: GetArtifactRequest): AsyncGenerator<GetArtifactResponse> {
    const { offset } = request;
    const sha256 = parseSha256(request.sha256, 'sha256');
    const size = await this.content.wholeSize(sha256);
    if (size === null) throw new StatusError(status.NOT_FOUND, `there is no artifact ${sha256}`);
    if (offset > BigInt(size)) throw new StatusError(status.OUT_OF_RANGE, `artifact ${sha256} has ${size} bytes`);
    yield {
      part: {
        $case: 'declaration',
        value: { sha256, size: BigInt(size), kind: ArtifactKind.ARTIFACT_KIND_UNSPECIFIED },
      },
    };
    for await (const value of this.content.readFrom(sha256, Number(offset))) yield { part: { $case: 'chunk', value } };
  }

  @GrpcMethod(ARTIFACTS, 'Stat')
  async stat({ sha256 }: StatRequest): Promise<StatResponse> {
    const size = await this.content.size(parseSha256(sha256, 'sha256'));
    return { exists: size !== null, size: BigInt(size ?? 0) };
  }
}
