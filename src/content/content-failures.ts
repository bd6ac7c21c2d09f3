import { errorCode, errorMessage } from '../lifecycle/system-error.js';
import { ContentError } from './content.error.js';
import type { ContentKind, ContentRef } from './content-store.js';

export function missing(sha256: string): ContentError {
  return new ContentError('missing', `there is no artifact ${sha256}`);
}

export function tooLarge({ sha256, size }: ContentRef, kind: ContentKind, maxBytes: number): ContentError {
  const what = kind === 'proof' ? 'proof' : 'artifact';
  const setting = kind === 'proof' ? 'DISTRIBUTED_LIMIT_PROOF' : 'DISTRIBUTED_LIMIT_ARTIFACT';
  return new ContentError(
    'too_large',
    `${what} ${sha256} has ${size} bytes; allowed: at most ${maxBytes} (${setting})`,
  );
}

export function wrongSize({ sha256, size }: ContentRef, got: number): ContentError {
  return new ContentError('wrong_size', `artifact ${sha256} was declared with ${size} bytes, and ${got} came`);
}

export function wrongDigest({ sha256 }: ContentRef, got: string): ContentError {
  return new ContentError('wrong_digest', `artifact was declared as ${sha256}; the bytes have the digest ${got}`);
}

/** What an error of the system means for whoever stores content; null for any other error. */
export function systemFailure(error: unknown, folder: string): ContentError | null {
  switch (errorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new ContentError('no_space', `no space is left in ${folder}`, 'make room on the disk', { cause: error });
    case 'EMFILE':
    case 'ENFILE': {
      const hint = 'raise the limit of open files (ulimit -n), or try again when less is going on';
      return new ContentError('no_handles', `no more files can be opened for ${folder}`, hint, { cause: error });
    }
    case 'ENOENT': {
      const hint = 'put it back, or mount it again';
      return new ContentError('folder_gone', `${folder} is not there any more`, hint, { cause: error });
    }
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EIO':
    case 'EEXIST':
    case 'ELOOP':
    case 'ESTALE':
    case 'ENOTDIR': {
      const hint = 'check that the folder exists and may be written, and the disk';
      return new ContentError('unwritable', `${folder} cannot be used: ${errorMessage(error)}`, hint, { cause: error });
    }
    default:
      return null;
  }
}
