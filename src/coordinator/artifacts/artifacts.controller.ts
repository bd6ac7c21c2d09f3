import { status, type sendUnaryData, type ServerReadableStream } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethod, GrpcStreamCall } from '@nestjs/microservices';
import { IsString, Matches } from 'class-validator';
import { ContentStore, type ContentKind, type ContentRef } from '../../content/content-store.js';
import { parseSha256 } from '../../domain/ids.js';
import {
  ArtifactKind,
  type ArtifactDeclaration,
  type GetArtifactRequest,
  type GetArtifactResponse,
  type PutRequest,
  type PutResponse,
  type StatRequest,
  type StatResponse,
} from '../../wire/generated/proofloom/v1/artifacts.js';
import { ARTIFACTS } from '../../wire/services.js';
import { StatusError } from '../transport/status-error.js';

const DIGEST = /^[0-9a-f]{64}$/;
const DIGEST_RULE = 'sha256 must be 64 lower-case hexadecimal digits';

class StatDto implements StatRequest {
  @IsString()
  @Matches(DIGEST, { message: DIGEST_RULE })
  sha256!: string;
}

class GetArtifactDto extends StatDto implements GetArtifactRequest {
  offset!: bigint;
}

/** Programs, inputs and proofs by digest. */
@Controller()
export class ArtifactsController {
  constructor(private readonly content: ContentStore) {}

  @GrpcStreamCall(ARTIFACTS, 'Put')
  async put(call: ServerReadableStream<PutRequest, PutResponse>, answer: sendUnaryData<PutResponse>): Promise<void> {
    const parts = call[Symbol.asyncIterator]() as AsyncIterator<PutRequest>;
    const declared = declarationOf((await parts.next()).value as PutRequest | undefined);
    const { existing } = await this.content.put(declared, chunksOf(parts), declared.kind);
    answer(null, { sha256: declared.sha256, size: BigInt(declared.size), existing });
  }

  @GrpcMethod(ARTIFACTS, 'Get')
  async *get({ sha256, offset }: GetArtifactDto): AsyncGenerator<GetArtifactResponse> {
    const size = await this.content.size(sha256);
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
  async stat({ sha256 }: StatDto): Promise<StatResponse> {
    const size = await this.content.size(sha256);
    return { exists: size !== null, size: BigInt(size ?? 0) };
  }
}

function declarationOf(first: PutRequest | undefined): ContentRef & { readonly kind: ContentKind } {
  if (first?.part?.$case !== 'declaration') {
    throw new StatusError(status.INVALID_ARGUMENT, 'the first message of Put must be the declaration');
  }
  const { sha256, size, kind }: ArtifactDeclaration = first.part.value;
  return {
    sha256: parseSha256(sha256, 'declaration.sha256'),
    size: Number(size),
    kind: kind === ArtifactKind.ARTIFACT_KIND_PROOF ? 'proof' : 'upload',
  };
}

async function* chunksOf(parts: AsyncIterator<PutRequest>): AsyncGenerator<Uint8Array> {
  for (;;) {
    const next = await parts.next();
    if (next.done) return;
    if (next.value.part?.$case !== 'chunk') {
      throw new StatusError(status.INVALID_ARGUMENT, 'after the declaration, every message of Put must be a chunk');
    }
    yield next.value.part.value;
  }
}
