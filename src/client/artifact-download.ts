import { status } from '@grpc/grpc-js';
import type { ArtifactsClient, GetArtifactResponse } from '../wire/generated/proofloom/v1/artifacts.js';
import { PASSING_STATUSES } from '../wire/passing-status.js';
import { connected } from './connected.js';

/** The bytes that came are not the ones that were asked for. */
export class ArtifactDamagedError extends Error {
  override readonly name = 'ArtifactDamagedError';

  /** @param damage what is wrong with it: `has the digest ...` */
  constructor(
    readonly sha256: string,
    damage: string,
  ) {
    super(`artifact ${sha256} ${damage}; download it again`);
  }
}

/** Tells how many bytes of how many are here. */
export type DownloadListener = (received: number, size: number) => void;

/** The bytes of one artifact, however many calls it takes to get them: what is here is not asked for again. */
export class ArtifactDownload {
  private readonly chunks: Uint8Array[] = [];
  private size: number | undefined;
  private count = 0;

  constructor(
    private readonly service: ArtifactsClient,
    private readonly sha256: string,
    private readonly onProgress: DownloadListener = () => undefined,
  ) {}

  /** How many bytes are here. */
  get received(): number {
    return this.count;
  }

  /**
   * Fetches what is still missing and returns the whole. Where it fails, what came before is kept for the next call.
   * @throws ServiceError, ArtifactDamagedError
   */
  async proceed(signal?: AbortSignal): Promise<Uint8Array> {
    // The connection may have gone with everything here but the last word.
    if (this.count !== this.size) await this.fetch(signal);
    if (this.count !== this.size) throw this.damaged(`ended after ${this.count} of ${this.size ?? 'unknown'} bytes`);
    return Buffer.concat(this.chunks);
  }

  private async fetch(signal?: AbortSignal): Promise<void> {
    await connected(this.service, signal);
    const call = this.service.get({ sha256: this.sha256, offset: BigInt(this.count) });
    const cancel = () => call.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    try {
      for await (const { part } of call as AsyncIterable<GetArtifactResponse>) this.take(part);
    } finally {
      signal?.removeEventListener('abort', cancel);
      cancel();
    }
  }

  private take(part: GetArtifactResponse['part']): void {
    if (part?.$case === 'declaration') this.declare(part.value.sha256, Number(part.value.size));
    if (part?.$case === 'chunk') this.add(part.value);
  }

  /** Every call begins with the size of the whole; it is the same each time. */
  private declare(sha256: string, size: number): void {
    if (sha256 !== this.sha256) throw this.damaged(`was announced as ${sha256}`);
    if (this.size !== undefined && this.size !== size) {
      throw this.damaged(`was announced with ${this.size} bytes and then with ${size}`);
    }
    this.size = size;
  }

  private add(chunk: Uint8Array): void {
    if (this.size === undefined) throw this.damaged('came without its size');
    if (this.count + chunk.length > this.size) throw this.damaged(`has more than the announced ${this.size} bytes`);
    this.chunks.push(chunk);
    this.count += chunk.length;
    this.onProgress(this.count, this.size);
  }

  private damaged(damage: string): ArtifactDamagedError {
    return new ArtifactDamagedError(this.sha256, damage);
  }
}

/** A call that broke off for reasons of the connection or of a coordinator that stops; the next may succeed. */
export function hasBrokenOff(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? (error.code as status) : undefined;
  return code !== undefined && (PASSING_STATUSES.has(code) || code === status.CANCELLED);
}
