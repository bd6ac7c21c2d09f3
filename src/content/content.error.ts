/**
 * - `missing`: there is no such content
 * - `too_large`: over the limit for one piece of content
 * - `wrong_size`, `wrong_digest`: the bytes are not the declared ones; nothing was kept
 * - `corrupt`: what lies on disk is not what its name says; it was set aside
 * - `no_space`: the disk is full; nothing was kept
 */
export type ContentErrorCode = 'missing' | 'too_large' | 'wrong_size' | 'wrong_digest' | 'corrupt' | 'no_space';

/** A failure of the content store that its caller can act on. */
export class ContentError extends Error {
  override readonly name = 'ContentError';

  constructor(
    readonly code: ContentErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
