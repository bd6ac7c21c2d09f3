import { randomBytes } from 'node:crypto';
import { constants, openSync, rmSync, type Stats } from 'node:fs';
import { access, lstat, open, readlink, realpath, rename, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../lifecycle/system-error.js';
import { CliError } from './cli.error.js';
import { reasonOf } from './files.js';

/** Stands for standard output where a file is asked for. */
export const STANDARD_OUTPUT = '-';

/** Files that a command reads, by what they are for messages: `program`. */
export type ReadFiles = Readonly<Record<string, string | undefined>>;

export interface OutputTools {
  readonly terminal: { bytes(bytes: Uint8Array): Promise<void> };
  /** Ends the waiting for somebody who reads a pipe. */
  readonly signal: AbortSignal;
}

/** As many links one after the other as Linux follows. */
const MAX_LINKS = 40;
/** How often a pipe is asked whether somebody reads it by now. */
const READER_POLL_MS = 50;
const NAME_BYTES = 4;
const PERMISSIONS = 0o777;
const NEW_FILE = 0o644;

/** How messages name an output. */
export function outputName(path: string): string {
  return path === STANDARD_OUTPUT ? 'standard output' : path;
}

/**
 * Checks, before any work is done, that a result can be written there.
 * @param reads are never written over, whatever name or link they are reached by
 * @throws CliError `unwritable_file`
 */
export async function checkOutput(path: string, reads: ReadFiles): Promise<void> {
  if (path === STANDARD_OUTPUT) return;
  await explained(path, async () => {
    const target = await linkTarget(path);
    const found = await statOf(target);
    if (found?.isDirectory()) throw unwritable(path, 'it is a folder');
    if (found?.isSocket()) throw unwritable(path, 'it is a socket');
    await checkReads(path, found, reads);
    // A file is replaced by a new one in its folder; what is no file is opened where it is.
    await access(found && !found.isFile() ? target : dirname(target), constants.W_OK);
  });
}

/**
 * Writes a result: to a file, which is there whole or not at all; through a link; into a pipe, once somebody reads it,
 * or a device; or to standard output.
 * @throws CliError `unwritable_file`; the signal's reason
 */
export async function writeOutput(path: string, bytes: Uint8Array, tools: OutputTools): Promise<void> {
  if (path === STANDARD_OUTPUT) return tools.terminal.bytes(bytes);
  await explained(path, async () => {
    const target = await linkTarget(path);
    const found = await statOf(target);
    if (found?.isFIFO()) return writePipe(target, bytes, tools.signal);
    if (found && !found.isFile()) return writeDevice(target, bytes);
    return replaceFile(target, bytes, found);
  });
}

async function explained(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw error instanceof CliError || errorCode(error) === 'ABORT_ERR' ? error : unwritable(path, reasonOf(error));
  }
}

/** The end of a chain of links, also where there is no file yet. */
async function linkTarget(path: string): Promise<string> {
  let target = resolve(path);
  for (let followed = 0; followed <= MAX_LINKS; followed += 1) {
    const found = await lstat(target).catch(nothingThere);
    if (!found?.isSymbolicLink()) return target;
    target = resolve(await realpath(dirname(target)), await readlink(target));
  }
  throw unwritable(path, 'the link leads in a circle');
}

/** Devices hold nothing that could be lost. */
async function checkReads(path: string, found: Stats | undefined, reads: ReadFiles): Promise<void> {
  if (!found || found.isCharacterDevice()) return;
  for (const [what, file] of Object.entries(reads)) {
    const read = file === undefined ? undefined : await statOf(file);
    if (read?.ino === found.ino && read.dev === found.dev) throw unwritable(path, `it is the ${what} itself`);
  }
}

/** Under another name first, synced, then renamed; a new file takes the permissions of the one that it replaces. */
async function replaceFile(path: string, bytes: Uint8Array, older: Stats | undefined): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(NAME_BYTES).toString('hex')}.part`);
  const discard = () => rmSync(temporary, { force: true });
  // A second Ctrl-C ends the program at once.
  process.once('exit', discard);
  try {
    const file = await open(temporary, 'wx', older ? older.mode & PERMISSIONS : NEW_FILE);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    discard();
    throw error;
  } finally {
    process.off('exit', discard);
  }
}

async function writeDevice(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, constants.O_WRONLY);
  try {
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
}

/** Blocks no thread, so that Ctrl-C is heard while nobody reads. */
async function writePipe(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  const pipe = new Socket({ fd: await openPipe(path, signal), readable: false, writable: true, signal });
  pipe.end(bytes);
  await finished(pipe, { signal, readable: false });
}

async function openPipe(path: string, signal: AbortSignal): Promise<number> {
  for (;;) {
    const fd = openWithoutWaiting(path);
    if (fd !== undefined) return fd;
    await sleep(READER_POLL_MS, undefined, { signal });
  }
}

/** Undefined where nobody has opened the pipe to read it. */
function openWithoutWaiting(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) === 'ENXIO') return undefined;
    throw error;
  }
}

function statOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch(nothingThere);
}

function nothingThere(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') throw error;
}

function unwritable(path: string, reason: string): CliError {
  return new CliError('unwritable_file', `${path} cannot be written: ${reason}`, 'choose another place with --out');
}
