import { once } from 'node:events';
import { Metadata, type ClientWritableStream } from '@grpc/grpc-js';
import { refOf, type ContentKind, type ContentRef, type ContentStore } from '../content/content-store.js';
import {
  ArtifactKind,
  ArtifactsClient,
  type GetArtifactResponse,
  type PutRequest,
  type PutResponse,
} from '../wire/generated/proofloom/v1/artifacts.js';
import { checkBytes, checkSha256, checkSignal } from './arguments.js';
import { serviceAnswer } from './call.js';
import type { Target } from './channel.js';

const WIRE_KINDS: Readonly<Record<ContentKind, ArtifactKind>> = {
  upload: ArtifactKind.ARTIFACT_KIND_UNSPECIFIED,
  proof: ArtifactKind.ARTIFACT_KIND_PROOF,
};

const CHUNK_BYTES = 512 * 1024;
/** What may be on its way down before more is asked for: HTTP/2's own 64 KiB would mean a round trip for each. */
const WINDOW_BYTES = 4 * 2 ** 20;

/** The bytes that came are not the ones that were asked for. */
export class ArtifactDamagedError extends Error {
  override readonly name = 'ArtifactDamagedError';

  constructor(
    readonly expected: string,
    readonly got: string,
  ) {
    super(`artifact ${expected} arrived with the digest ${got}; download it again`);
  }
}

/** Uploads and downloads artifacts of a coordinator, over a connection of its own. */
export class ArtifactClient {
  private readonly service: ArtifactsClient;

  /** @param cache keeps what was up- and downloaded, so that it travels once */
  constructor(
    { address, credentials, options }: Target,
    private readonly cache?: ContentStore,
  ) {
    this.service = new ArtifactsClient(address, credentials, {
      ...options,
      'grpc-node.flow_control_window': WINDOW_BYTES,
    });
  }

  /**
   * Uploads bytes; the coordinator says at once where it has them.
   * @param willBeNeeded whether somebody here may ask for them again
   * @throws ServiceError
   */
  async upload(bytes: Uint8Array, willBeNeeded = true, kind: ContentKind = 'upload'): Promise<ContentRef> {
    checkBytes('bytes', bytes);
    const ref = refOf(bytes);
    await this.send(ref, bytes, kind);
    if (willBeNeeded) this.keep(ref, bytes);
    return ref;
  }

  /**
   * The whole artifact, its digest checked.
   * @param willBeNeeded whether somebody here may ask for it again
   * @throws ServiceError NOT_FOUND where there is none, ArtifactDamagedError
   */
  async download(sha256: string, signal?: AbortSignal, willBeNeeded = true): Promise<Uint8Array> {
    checkSha256('sha256', sha256);
    checkSignal(signal);
    const known = await this.cache?.read(sha256).catch(() => undefined);
    if (known) return known;
    const bytes = await this.receive(sha256, signal);
    const ref = refOf(bytes);
    if (ref.sha256 !== sha256) throw new ArtifactDamagedError(sha256, ref.sha256);
    if (willBeNeeded) this.keep(ref, bytes);
    return bytes;
  }

  close(): void {
    this.service.close();
  }

  /** A copy only saves a later download: nobody waits for it, and a full disk here holds up nothing. */
  private keep(ref: ContentRef, bytes: Uint8Array): void {
    this.cache?.put(ref, [bytes]).catch(() => undefined);
  }

  private async send(ref: ContentRef, bytes: Uint8Array, kind: ContentKind): Promise<void> {
    let sent = Promise.resolve();
    await serviceAnswer<PutResponse>((done) => {
      const call = this.service.put(new Metadata(), done);
      // Whatever stops the sending ends the call: nobody waits for an answer to half an upload.
      sent = sendParts(call, ref, bytes, WIRE_KINDS[kind]).catch(() => call.cancel());
    });
    await sent;
  }

  private async receive(sha256: string, signal?: AbortSignal): Promise<Uint8Array> {
    const call = this.service.get({ sha256, offset: 0n });
    const cancel = () => call.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    const chunks: Uint8Array[] = [];
    try {
      for await (const { part } of call as AsyncIterable<GetArtifactResponse>) {
        if (part?.$case === 'chunk') chunks.push(part.value);
      }
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
    return Buffer.concat(chunks);
  }
}

/** The coordinator may answer before all is sent, when it has the bytes or refuses them; then the rest is dropped. */
async function sendParts(
  call: ClientWritableStream<PutRequest>,
  ref: ContentRef,
  bytes: Uint8Array,
  kind: ArtifactKind,
): Promise<void> {
  const over = new AbortController();
  call.once('status', () => over.abort());
  call.write({ part: { $case: 'declaration', value: { sha256: ref.sha256, size: BigInt(ref.size), kind } } });
  for (let start = 0; start < bytes.length && !over.signal.aborted; start += CHUNK_BYTES) {
    const value = bytes.subarray(start, start + CHUNK_BYTES);
    if (!call.write({ part: { $case: 'chunk', value } })) await once(call, 'drain', { signal: over.signal });
  }
  call.end();
}
