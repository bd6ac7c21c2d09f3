import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  access,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '../lifecycle/random.js';
import { freeBytes } from '../lifecycle/free-space.js';
import { errorCode } from '../lifecycle/system-error.js';
import { ContentError } from './content.error.js';
import { missing, systemFailure, tooLarge, wrongDigest, wrongSize } from './content-failures.js';

/** Bytes by their digest. */
export interface ContentRef {
  /** SHA-256, lower-case hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

export interface ContentStoreOptions {
  /** Made where it is missing; nobody else writes in it. */
  readonly folder: string;
  /** Largest program or input, in bytes. */
  readonly maxBytes: number;
  /** Largest proof, in bytes. Default: `maxBytes`. */
  readonly maxProofBytes?: number;
  /**
   * Whether what is put survives a crash of the machine. A cache does without: a copy that a crash has damaged is found
   * out when it is read. Default: true.
   */
  readonly durable?: boolean;
}

/** What is put: each has a limit of its own. */
export type ContentKind = 'upload' | 'proof';

export interface StoredContent {
  readonly sha256: string;
  /** Unix milliseconds of the last time it was put. */
  readonly putAtMs: number;
}

/** A file as it was at one moment. */
interface FoundFile {
  readonly size: number;
  /** Another one after every change. */
  readonly identity: string;
}

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const NAME_BYTES = 12;
const SHARD = 2;
const INCOMING = 'incoming';
const READ_CHUNK = 512 * 1024;
/** As much as a small proof; a disk that takes it is not full. */
const PROBE_BYTES = 256 * 1024;
/** Files of which it is kept in mind that their bytes were compared with their names; others are read again. */
const MAX_COMPARED = 10_000;

/**
 * Files named by the digest of their bytes. What is there is whole: bytes are written under another name, synced, and
 * renamed once the digest has matched.
 */
export class ContentStore {
  private ready: Promise<void> | undefined;
  private readonly listeners: ((failure: ContentError | null) => void)[] = [];
  /** Bytes at hand that are being stored. */
  private readonly storing = new Map<string, Promise<unknown>>();
  /** What files were when their bytes were last compared with their names, oldest first. */
  private readonly compared = new Map<string, string>();
  /** Size of the last proof for which there was no space. */
  private awaitedBytes = 0;

  constructor(
    private readonly options: ContentStoreOptions,
    private readonly random: Random,
  ) {}

  /** Who is told of every failure to store something that is not its sender's, and (null) of every success. */
  listen(listener: (failure: ContentError | null) => void): void {
    this.listeners.push(listener);
  }

  /** Tries whether content could be stored now, and tells the listeners. */
  async probe(): Promise<void> {
    const file = join(this.options.folder, INCOMING, this.random.hex(NAME_BYTES));
    try {
      await this.prepared();
      await writeFile(file, new Uint8Array(PROBE_BYTES), { flag: 'wx', flush: true });
      await this.stored(PROBE_BYTES);
    } catch (error) {
      this.failed(error);
    } finally {
      await rm(file, { force: true }).catch(() => undefined);
    }
  }

  get maxBytes(): number {
    return this.options.maxBytes;
  }

  get maxProofBytes(): number {
    return this.options.maxProofBytes ?? this.options.maxBytes;
  }

  private get isDurable(): boolean {
    return this.options.durable ?? true;
  }

  /**
   * Takes content in, chunk by chunk. Content that is there already, or that comes another way meanwhile, is not read
   * to its end.
   * @throws ContentError `too_large`, `wrong_size`, `wrong_digest`, `no_space`
   */
  async put(
    declared: ContentRef,
    chunks: Chunks,
    kind: ContentKind = 'upload',
  ): Promise<{ readonly existing: boolean }> {
    const maxBytes = kind === 'proof' ? this.maxProofBytes : this.maxBytes;
    if (declared.size > maxBytes) throw tooLarge(declared, kind, maxBytes);
    await this.storing.get(declared.sha256)?.catch(() => undefined);
    if (await this.touch(declared)) return { existing: true };
    await this.prepared();
    const temporary = join(this.options.folder, INCOMING, this.random.hex(NAME_BYTES));
    try {
      const isWhole = await receive(temporary, declared, this.whileMissing(declared, chunks), this.isDurable);
      if (isWhole) await this.adopt(temporary, declared.sha256);
      else await rm(temporary, { force: true });
      await this.stored(declared.size);
      return { existing: !isWhole };
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      const failure = this.failed(error);
      // A proof comes again until it fits; an upload may never.
      if (kind === 'proof' && isNoSpace(failure)) this.awaitedBytes = declared.size;
      throw failure;
    }
  }

  /** Stores bytes that are at hand. @throws ContentError `too_large`, `no_space` */
  async putBytes(bytes: Uint8Array, kind: ContentKind = 'upload'): Promise<ContentRef> {
    const ref = refOf(bytes);
    const stored = this.put(ref, [bytes], kind);
    this.storing.set(ref.sha256, stored);
    await stored.finally(() => this.storing.delete(ref.sha256));
    return ref;
  }

  /** Size in bytes, or null where there is no such content. @throws ContentError */
  async size(sha256: string): Promise<number | null> {
    return (await this.find(sha256))?.size ?? null;
  }

  /**
   * The same, once the stored bytes are known to be the ones that the name stands for: before they are given to
   * somebody who may not look. A file is read for that only where it has changed since the last time.
   * @throws ContentError `corrupt`, and as `size`
   */
  async wholeSize(sha256: string): Promise<number | null> {
    const found = await this.find(sha256);
    if (!found) return null;
    if (this.compared.get(sha256) !== found.identity) {
      if (!(await this.hasDigest(sha256))) throw await this.damaged(sha256);
      this.remember(sha256, found);
    }
    return found.size;
  }

  /**
   * The whole content, its digest checked.
   * @throws ContentError `missing`, `corrupt`, `no_handles`, `unwritable`, `folder_gone`
   */
  async read(sha256: string): Promise<Uint8Array> {
    const bytes = await readFile(this.pathOf(sha256)).catch(async (error: unknown) => {
      throw await this.unread(error, sha256);
    });
    if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes;
    throw await this.damaged(sha256);
  }

  /** Whether the stored bytes are the ones they are named by; damaged ones are moved out of the way. */
  async isWhole({ sha256, size }: ContentRef): Promise<boolean> {
    if ((await this.size(sha256)) !== size) return false;
    if (await this.hasDigest(sha256)) return true;
    await this.setAside(sha256);
    return false;
  }

  /** The content from an offset on, in chunks; up to `end`, itself not included. @throws ContentError as `read` */
  async *readFrom(sha256: string, offset: number, end = Infinity): AsyncGenerator<Uint8Array> {
    if ((await this.size(sha256)) === null) throw missing(sha256);
    if (offset >= end) return;
    try {
      yield* createReadStream(this.pathOf(sha256), { start: offset, end: end - 1, highWaterMark: READ_CHUNK });
    } catch (error) {
      throw await this.unread(error, sha256);
    }
  }

  /** The path of content that is there; for readers in other processes. */
  pathOf(sha256: string): string {
    return join(this.options.folder, sha256.slice(0, SHARD), sha256);
  }

  /** Everything that was last put before a moment (Unix milliseconds). */
  async *olderThan(beforeMs: number): AsyncGenerator<StoredContent> {
    for (const shard of await readdir(this.options.folder).catch(() => [])) {
      if (shard.length !== SHARD) continue;
      for (const sha256 of await readdir(join(this.options.folder, shard))) {
        const { mtimeMs } = await stat(this.pathOf(sha256));
        if (mtimeMs < beforeMs) yield { sha256, putAtMs: mtimeMs };
      }
    }
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.pathOf(sha256), { force: true });
  }

  /** Ends with null once the content is there. The source stays open: its sender is still to be answered. */
  private async *whileMissing(declared: ContentRef, chunks: Chunks): AsyncGenerator<Uint8Array | null> {
    const source = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
    for (let next = await source.next(); !next.done; next = await source.next()) {
      if (await this.touch(declared)) return yield null;
      yield next.value;
    }
  }

  /** A failure of the disk or the system as an error of ours; any other stays what it is. */
  private failed(error: unknown): unknown {
    const failure = systemFailure(error, this.options.folder);
    if (failure) this.tell(failure);
    return failure ?? error;
  }

  /** That one file cannot be read says nothing of what can be stored, unless no file can be opened. */
  private async unread(error: unknown, sha256: string): Promise<unknown> {
    if (errorCode(error) === 'ENOENT') return (await this.isGone()) ? this.failed(error) : missing(sha256);
    const failure = systemFailure(error, this.options.folder);
    if (failure?.code === 'no_handles') this.tell(failure);
    return failure ?? error;
  }

  /** Null where there is no such file; where its folder is not there any more, that is no answer. */
  private async find(sha256: string): Promise<FoundFile | null> {
    try {
      const { size, ino, mtimeNs, ctimeNs } = await stat(this.pathOf(sha256), { bigint: true });
      return { size: Number(size), identity: `${ino} ${size} ${mtimeNs} ${ctimeNs}` };
    } catch (error) {
      if (errorCode(error) === 'ENOENT' && !(await this.isGone())) return null;
      throw this.failed(error);
    }
  }

  /** Whether the folder, which was there, is not there now: its files are away, not lost. */
  private async isGone(): Promise<boolean> {
    if (!this.ready) return false;
    return access(this.options.folder).then(
      () => false,
      () => true,
    );
  }

  private async hasDigest(sha256: string): Promise<boolean> {
    const hash = createHash('sha256');
    for await (const chunk of this.readFrom(sha256, 0)) hash.update(chunk);
    return hash.digest('hex') === sha256;
  }

  private remember(sha256: string, { identity }: FoundFile): void {
    this.compared.delete(sha256);
    this.compared.set(sha256, identity);
    const [oldest] = this.compared.keys();
    if (this.compared.size > MAX_COMPARED && oldest !== undefined) this.compared.delete(oldest);
  }

  /** That something small could be stored is no news while what is waited for does not fit. */
  private async stored(bytes: number): Promise<void> {
    if (bytes < this.awaitedBytes && (await freeBytes(this.options.folder)) < this.awaitedBytes) return;
    this.awaitedBytes = 0;
    this.tell(null);
  }

  private tell(failure: ContentError | null): void {
    for (const listener of this.listeners) listener(failure);
  }

  /** A folder that could not be made is tried again the next time. */
  private async prepared(): Promise<void> {
    try {
      const before = this.ready;
      await (this.ready ??= this.prepare());
      // Somebody may have cleared it away since; where all is gone, it is to come back.
      if (before) await makeFolder(join(this.options.folder, INCOMING));
    } catch (error) {
      throw this.failed(error);
    }
  }

  /** What an earlier process did not finish is of no use. */
  private async prepare(): Promise<void> {
    try {
      await rm(join(this.options.folder, INCOMING), { recursive: true, force: true });
      await mkdir(join(this.options.folder, INCOMING), { recursive: true });
    } catch (error) {
      this.ready = undefined;
      throw error;
    }
  }

  /** Whether the content is there, whole; if so it counts as put now. */
  private async touch({ sha256, size }: ContentRef): Promise<boolean> {
    if ((await this.wholeSize(sha256).catch(nullIfDamaged)) !== size) return false;
    const now = new Date();
    await utimes(this.pathOf(sha256), now, now);
    await this.noteWhole(sha256);
    return true;
  }

  private async adopt(temporary: string, sha256: string): Promise<void> {
    const folder = join(this.options.folder, sha256.slice(0, SHARD));
    await makeFolder(folder);
    await rename(temporary, this.pathOf(sha256));
    if (this.isDurable) await syncFolder(folder);
    await this.noteWhole(sha256);
  }

  private async noteWhole(sha256: string): Promise<void> {
    const found = await this.find(sha256);
    if (found) this.remember(sha256, found);
  }

  private async damaged(sha256: string): Promise<ContentError> {
    const isAway = await this.setAside(sha256);
    const what = `the stored bytes of ${sha256} have another digest`;
    return new ContentError('corrupt', isAway ? `${what}; they were moved out of the way` : what);
  }

  /** Whether it could be moved: another reader may have done it, or the disk is not to be written. */
  private async setAside(sha256: string): Promise<boolean> {
    try {
      await this.prepared();
      await rename(this.pathOf(sha256), join(this.options.folder, INCOMING, `corrupt-${sha256}`));
      return true;
    } catch {
      return false;
    }
  }
}

/** Makes the folder where it is missing, but none above it. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

function isNoSpace(error: unknown): boolean {
  return error instanceof ContentError && error.code === 'no_space';
}

function nullIfDamaged(error: unknown): null {
  if (error instanceof ContentError && error.code === 'corrupt') return null;
  throw error;
}

/** What names bytes that are at hand. */
export function refOf(bytes: Uint8Array): ContentRef {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
}

type Incoming = AsyncIterable<Uint8Array | null>;

/** False where the content was not needed any more. */
async function receive(path: string, declared: ContentRef, chunks: Incoming, durable: boolean): Promise<boolean> {
  const file = await open(path, 'wx');
  try {
    const received = await copy(file, declared, chunks);
    if (received === null) return false;
    if (received.size !== declared.size) throw wrongSize(declared, received.size);
    if (received.sha256 !== declared.sha256) throw wrongDigest(declared, received.sha256);
    if (durable) await file.sync();
    return true;
  } finally {
    await file.close();
  }
}

async function copy(file: FileHandle, declared: ContentRef, chunks: Incoming): Promise<ContentRef | null> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of chunks) {
    if (chunk === null) return null;
    size += chunk.length;
    if (size > declared.size) throw wrongSize(declared, size);
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  return { size, sha256: hash.digest('hex') };
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
