import {
  accessSync,
  closeSync,
  constants,
  createReadStream,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
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
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ENOSPC: 'no space is left on the device',
  EROFS: 'the file system is read-only',
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

/**
 * Checks, before any work is done, that a file can be written there.
 * @throws CliError `unwritable_file`
 */
export function checkWritable(path: string): void {
  try {
    accessSync(dirname(path), constants.W_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw unwritable(path, 'it is a folder');
  } catch (error) {
    throw error instanceof CliError ? error : unwritable(path, reasonOf(error));
  }
}

/**
 * Writes a file so that it is there whole or not at all: under another name first, synced, then renamed. Synchronous,
 * so that no signal handler of ours runs in between.
 * @throws CliError `unwritable_file`
 */
export function writeWhole(path: string, bytes: Uint8Array): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    writeSynced(temporary, bytes);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw unwritable(path, reasonOf(error));
  }
}

function writeSynced(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'wx', 0o644);
  try {
    for (let offset = 0; offset < bytes.length;) offset += writeSync(file, bytes, offset);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function tooLarge(what: string, path: string, maxBytes: number): CliError {
  const message = `the ${what} ${path} is larger than ${maxBytes} bytes`;
  return new CliError('file_too_large', message, `use a smaller ${what}`, { maxBytes });
}

function unwritable(path: string, reason: string): CliError {
  return new CliError('unwritable_file', `${path} cannot be written: ${reason}`, 'choose another place with --out');
}

function reasonOf(error: unknown): string {
  return REASONS[errorCode(error) ?? ''] ?? errorMessage(error);
}
