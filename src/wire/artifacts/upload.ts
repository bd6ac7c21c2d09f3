import { invalidArgument } from '../../domain/errors.js';
import { parseSha256, type Sha256 } from '../../domain/ids.js';
import { ArtifactKind, type PutRequest } from '../generated/proofloom/v1/artifacts.js';

/** What the first message of an upload declares. */
export interface DeclaredUpload {
  readonly sha256: Sha256;
  readonly size: number;
  readonly kind: 'proof' | 'upload';
}

/** @throws DomainError INVALID_ARGUMENT naming the field */
export function toDeclaredUpload(first: PutRequest | undefined): DeclaredUpload {
  if (first?.part?.$case !== 'declaration') {
    throw invalidArgument('part', first?.part?.$case ?? null, 'the declaration in the first message of Put');
  }
  const { sha256, size, kind } = first.part.value;
  return {
    sha256: parseSha256(sha256, 'declaration.sha256'),
    size: Number(size),
    kind: kind === ArtifactKind.ARTIFACT_KIND_PROOF ? 'proof' : 'upload',
  };
}

/** The bytes of the messages after the declaration. @throws DomainError INVALID_ARGUMENT for any other message */
export async function* toChunks(parts: AsyncIterator<PutRequest>): AsyncGenerator<Uint8Array> {
  for (;;) {
    const next = await parts.next();
    if (next.done) return;
    const { part } = next.value;
    if (part?.$case !== 'chunk') {
      throw invalidArgument('part', part?.$case ?? null, 'a chunk in every message of Put after the declaration');
    }
    yield part.value;
  }
}
