/**
 * - `missing`: there is no such content
 * - `too_large`: over the limit for one piece of content
 * - `wrong_size`, `wrong_digest`: the bytes are not the declared ones; nothing was kept
 * - `corrupt`: what lies on disk is not what its name says; it was moved out of the way
 * - `no_space`: the disk is full; nothing was kept
 * - `no_handles`: the process may open no more files now
 * - `unwritable`: the folder cannot be written or read: not permitted, no folder, or the disk fails
 * - `folder_gone`: the folder is not there any more: moved away or not mounted; what was in it may come back
 */
export type ContentErrorCode =
  | 'missing'
  | 'too_large'
  | 'wrong_size'
  | 'wrong_digest'
  | 'corrupt'
  | 'no_space'
  | 'no_handles'
  | 'unwritable'
  | 'folder_gone';

/** Trailing metadata by which a refused upload says its code: some of them share a status. */
export const CONTENT_ERROR = 'content-error';

/** A failure of the content store that its caller can act on. */
export class ContentError extends Error {
  override readonly name = 'ContentError';

  constructor(
    readonly code: ContentErrorCode,
    message: string,
    /** What the operator can do; empty where it is the caller's matter. */
    readonly hint = '',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
