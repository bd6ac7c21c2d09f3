import { createReadStream } from 'node:fs';
import { errorCode, errorMessage } from '../lifecycle/system-error.js';
import { CliError } from './cli.error.js';

/** Largest program and input that commands read, in bytes; the machine's own limit on the input is the same. */
export const MAX_PROGRAM_BYTES = 64 * 2 ** 20;
export const MAX_INPUT_BYTES = 256 * 2 ** 20;
/** Largest proof file that commands read, in bytes. */
export const MAX_PROOF_BYTES = 2 ** 31 - 1;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EEXIST: 'it exists already',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ENOSPC: 'no space is left on the device',
  EROFS: 'the file system is read-only',
  ELOOP: 'the link leads in a circle',
  EPIPE: 'its reader went away',
  ENXIO: 'there is no such device',
  ENAMETOOLONG: 'the name is too long',
};

/**
 * Reads a whole file, pipes included, up to a limit.
 * @param what what the file is, for messages: `program`
 * @throws CliError `unreadable_file` or `file_too_large`
 */
export async function readWhole(what: string, path: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let total = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      total += chunk.length;
      if (total > maxBytes) throw tooLarge(what, path, maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError('unreadable_file', `the ${what} ${path} cannot be read: ${reasonOf(error)}`, 'check the path');
  }
  return Buffer.concat(chunks);
}

function tooLarge(what: string, path: string, maxBytes: number): CliError {
  const message = `the ${what} ${path} is larger than ${maxBytes} bytes`;
  return new CliError('file_too_large', message, `use a smaller ${what}`, { maxBytes });
}

/** Why the system did not read or write a file, in words. */
export function reasonOf(error: unknown): string {
  return REASONS[errorCode(error) ?? ''] ?? errorMessage(error);
}
