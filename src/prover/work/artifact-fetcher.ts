import { status, type ServiceError } from '@grpc/grpc-js';
import type { ArtifactClient } from '../../client/artifact-client.js';
import { ArtifactDamagedError } from '../../client/artifact-download.js';
import { CONTENT_ERROR, ContentError } from '../../content/content.error.js';
import type { ContentRef } from '../../content/content-store.js';
import { Backoff } from '../../lifecycle/backoff.js';
import type { Random } from '../../lifecycle/random.js';
import { pause } from '../../lifecycle/pause.js';
import { errorMessage } from '../../lifecycle/system-error.js';
import type { Timers } from '../../lifecycle/timers.js';

/** Tries before an artifact is given up: about ten seconds. */
const MAX_TRIES = 8;

/**
 * - `artifact_missing`: the coordinator has no such artifact
 * - `artifact_unavailable`: it could not be fetched in several tries
 * - `artifact_too_large`: the coordinator takes no artifact of that size
 * - `aborted`: it is not wanted any more
 */
export type ArtifactErrorCode = 'artifact_missing' | 'artifact_unavailable' | 'artifact_too_large' | 'aborted';

/** Something that a task needs could not be had. */
export class ArtifactError extends Error {
  override readonly name = 'ArtifactError';

  constructor(
    readonly code: ArtifactErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Programs, inputs and proofs: fetched from the coordinator, kept on disk, brought back to it. */
export class ArtifactFetcher {
  /** Artifacts under way, so that tasks that need the same one wait for one download. */
  private readonly underway = new Map<string, Promise<Uint8Array>>();

  constructor(
    private readonly client: ArtifactClient,
    private readonly timers: Timers,
    private readonly random: Random,
  ) {}

  /**
   * An artifact's bytes, their digest checked.
   * @param willBeNeeded whether a task of this prover may ask for them again: then they stay on disk
   * @throws ArtifactError
   */
  bytes(sha256: string, signal: AbortSignal, willBeNeeded = true): Promise<Uint8Array> {
    const known = this.underway.get(sha256);
    // Who waits for another's download takes it up where that one is given up.
    if (known) return known.catch(() => this.bytes(sha256, signal, willBeNeeded));
    const fetched = this.fetch(sha256, signal, willBeNeeded).finally(() => this.underway.delete(sha256));
    this.underway.set(sha256, fetched);
    return fetched;
  }

  /**
   * Brings a result to the coordinator.
   * @param willBeNeeded whether a task of this prover may need it: then it stays on disk
   * @throws ServiceError; ArtifactError `artifact_too_large` where the coordinator would refuse it for ever
   */
  async upload(bytes: Uint8Array, willBeNeeded: boolean): Promise<ContentRef> {
    try {
      return await this.client.upload(bytes, willBeNeeded, 'proof');
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      throw new ArtifactError('artifact_too_large', errorMessage(error), { cause: error });
    }
  }

  private async fetch(sha256: string, signal: AbortSignal, willBeNeeded: boolean): Promise<Uint8Array> {
    const backoff = new Backoff(this.random);
    for (let tries = 1; ; tries += 1) {
      await pause(this.timers, backoff.next(), signal);
      if (signal.aborted) throw new ArtifactError('aborted', `artifact ${sha256} is not wanted any more`);
      try {
        return await this.client.download(sha256, { signal, willBeNeeded });
      } catch (error) {
        const failure = failureOf(sha256, error);
        if (failure.code === 'artifact_missing' || tries === MAX_TRIES) throw failure;
      }
    }
  }
}

function isTooLarge(error: unknown): boolean {
  const { metadata } = error as Partial<ServiceError>;
  return metadata?.get(CONTENT_ERROR).includes('too_large') ?? false;
}

function failureOf(sha256: string, cause: unknown): ArtifactError {
  const isMissing = cause instanceof Error && 'code' in cause && cause.code === status.NOT_FOUND;
  if (isMissing) return new ArtifactError('artifact_missing', `the coordinator has no artifact ${sha256}`, { cause });
  const reason =
    cause instanceof ArtifactDamagedError || cause instanceof ContentError ? cause.message : errorMessage(cause);
  return new ArtifactError('artifact_unavailable', `artifact ${sha256} cannot be fetched: ${reason}`, { cause });
}
