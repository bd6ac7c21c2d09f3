import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Metadata, type ClientWritableStream } from '@grpc/grpc-js';
import { refOf, type ContentKind, type ContentRef, type ContentStore } from '../content/content-store.js';
import { Backoff } from '../lifecycle/backoff.js';
import { SystemRandom } from '../lifecycle/random.js';
import {
  ArtifactKind,
  ArtifactsClient,
  type PutRequest,
  type PutResponse,
} from '../wire/generated/proofloom/v1/artifacts.js';
import { checkBytes, checkDownload, checkSha256 } from './arguments.js';
import { ArtifactDamagedError, ArtifactDownload, hasBrokenOff, type DownloadListener } from './artifact-download.js';
import { serviceAnswer } from './call.js';
import type { Target } from './channel.js';
import { connected } from './connected.js';

const WIRE_KINDS: Readonly<Record<ContentKind, ArtifactKind>> = {
  upload: ArtifactKind.ARTIFACT_KIND_UNSPECIFIED,
  proof: ArtifactKind.ARTIFACT_KIND_PROOF,
};

const CHUNK_BYTES = 512 * 1024;
/** What may be on its way down before more is asked for: HTTP/2's own 64 KiB would mean a round trip for each. */
const WINDOW_BYTES = 4 * 2 ** 20;

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** How long to try again while nothing comes, in milliseconds. Default: the first loss is the end. */
  readonly idleTimeoutMs?: number;
  /** Whether somebody here may ask for it again. Default: true. */
  readonly willBeNeeded?: boolean;
  readonly onProgress?: DownloadListener;
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
   * @param signal ends the upload
   * @throws ServiceError
   */
  async upload(
    bytes: Uint8Array,
    willBeNeeded = true,
    kind: ContentKind = 'upload',
    signal?: AbortSignal,
  ): Promise<ContentRef> {
    checkBytes('bytes', bytes);
    const ref = refOf(bytes);
    await this.send(ref, bytes, kind, signal);
    if (willBeNeeded) this.keep(ref, bytes);
    return ref;
  }

  /**
   * The whole artifact, its digest checked. A download that breaks off goes on where it was.
   * @throws ServiceError NOT_FOUND where there is none, ArtifactDamagedError
   */
  async download(sha256: string, options: DownloadOptions = {}): Promise<Uint8Array> {
    checkSha256('sha256', sha256);
    checkDownload(options);
    const known = await this.cache?.read(sha256).catch(() => undefined);
    if (known) return known;
    const bytes = await this.receive(sha256, options);
    const ref = refOf(bytes);
    if (ref.sha256 !== sha256) throw new ArtifactDamagedError(sha256, `arrived with the digest ${ref.sha256}`);
    if (options.willBeNeeded ?? true) this.keep(ref, bytes);
    return bytes;
  }

  close(): void {
    this.service.close();
  }

  /** A copy only saves a later download: nobody waits for it, and a full disk here holds up nothing. */
  private keep(ref: ContentRef, bytes: Uint8Array): void {
    this.cache?.put(ref, [bytes]).catch(() => undefined);
  }

  private async send(
    ref: ContentRef,
    bytes: Uint8Array,
    kind: ContentKind,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    await connected(this.service, signal);
    let sent = Promise.resolve();
    await serviceAnswer<PutResponse>((done) => {
      const call = this.service.put(new Metadata(), done);
      // Whatever stops the sending ends the call: nobody waits for an answer to half an upload.
      sent = sendParts(call, ref, bytes, WIRE_KINDS[kind]).catch(() => call.cancel());
      return call;
    }, signal);
    await sent;
  }

  private async receive(
    sha256: string,
    { signal, idleTimeoutMs = 0, onProgress }: DownloadOptions,
  ): Promise<Uint8Array> {
    const download = new ArtifactDownload(this.service, sha256, onProgress);
    const backoff = new Backoff(new SystemRandom());
    let lastByteMs = performance.now();
    for (;;) {
      const before = download.received;
      try {
        return await download.proceed(signal);
      } catch (error) {
        if (download.received > before) {
          backoff.reset();
          lastByteMs = performance.now();
        }
        const isOver = performance.now() - lastByteMs >= idleTimeoutMs;
        if (isOver || signal?.aborted || !hasBrokenOff(error)) throw error;
      }
      await sleep(backoff.next(), undefined, { ...(signal && { signal }) }).catch(() => undefined);
    }
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
