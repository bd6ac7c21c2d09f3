/**
 * - `in_use`: another process has the database or the data directory
 * - `unavailable`: it cannot be read or written now (disk full, locked, gone); the same call may succeed later
 * - `conflict`: a job was changed by somebody else since it was read
 * - `unreadable`: what is kept of one job cannot be put together again; other jobs are not concerned
 * - `too_new`: written by a later version of this program
 * - `corrupt`: not a database, or damaged
 */
export type StoreErrorCode = 'in_use' | 'unavailable' | 'conflict' | 'unreadable' | 'too_new' | 'corrupt';

/** The only error a store rejects with. Nothing of the failed call was written. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  constructor(
    readonly code: StoreErrorCode,
    message: string,
    /** What the operator can do. */
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** One job cannot be restored. @param why what its rows lack */
export function unreadable(job: string, path: string, why: string, cause: unknown): StoreError {
  return new StoreError(
    'unreadable',
    `job ${job} cannot be read from ${path}: ${why}`,
    `submit it again; to have it back, stop and restore ${path} from a backup`,
    { cause },
  );
}

/** The job is not in the version the writer has seen. */
export function conflict(job: string, expected: number | null, found: number | null): StoreError {
  const was = expected === null ? 'new' : `at version ${expected}`;
  return new StoreError(
    'conflict',
    `job ${job} was to be ${was}, but the store has ${found === null ? 'none' : `version ${found}`}`,
    'the job is read again; if this repeats, two coordinators share one store',
  );
}
