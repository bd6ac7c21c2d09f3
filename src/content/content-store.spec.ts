import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { cleanUp, scratchFolder } from '../../test/support/program.js';
import { SystemRandom } from '../lifecycle/random.js';
import { ContentStore } from './content-store.js';

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function* chunksOf(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

describe('ContentStore', () => {
  const bytes = Buffer.from('some content');
  const ref = { sha256: digestOf(bytes), size: bytes.length };
  let folder: string;
  let store: ContentStore;

  beforeEach(() => {
    folder = scratchFolder();
    store = new ContentStore({ folder, maxBytes: 100 }, new SystemRandom());
  });

  afterAll(cleanUp);

  it('gives back what was put, whole and from an offset', async () => {
    await expect(store.put(ref, chunksOf(bytes.subarray(0, 3), bytes.subarray(3)))).resolves.toEqual({
      existing: false,
    });
    await expect(store.size(ref.sha256)).resolves.toBe(bytes.length);
    expect(Buffer.from(await store.read(ref.sha256))).toEqual(bytes);
    await expect(collect(store.readFrom(ref.sha256, 5))).resolves.toEqual(bytes.subarray(5));
  });

  it('says what is wrong with its folder also when it reads', async () => {
    await store.put(ref, chunksOf(bytes));
    const shard = join(folder, ref.sha256.slice(0, 2));
    rmSync(shard, { recursive: true });
    writeFileSync(shard, 'a file in the place of the folder');
    const refusal = { name: 'ContentError', code: 'unwritable', message: expect.stringContaining('ENOTDIR') };
    await expect(store.read(ref.sha256)).rejects.toMatchObject(refusal);
    await expect(store.size(ref.sha256)).rejects.toMatchObject(refusal);
  });

  it('does not read again what it has', async () => {
    await store.put(ref, chunksOf(bytes));
    const unread = { [Symbol.asyncIterator]: () => Promise.reject(new Error('read')) } as never;
    await expect(store.put(ref, unread)).resolves.toEqual({ existing: true });
  });

  it('does not read what is being stored from bytes at hand, but what that has not stored', async () => {
    const unread = { [Symbol.asyncIterator]: () => Promise.reject(new Error('read')) } as never;
    const stored = store.putBytes(bytes);
    await expect(store.put(ref, unread)).resolves.toEqual({ existing: true });
    await expect(stored).resolves.toEqual(ref);
    await store.remove(ref.sha256);
    await expect(store.put(ref, chunksOf(bytes))).resolves.toEqual({ existing: false });
  });

  it('stops reading what came another way meanwhile, and leaves its source open', async () => {
    const source = Readable.from([bytes.subarray(0, 3), bytes.subarray(3, 6), bytes.subarray(6)]);
    let read = 0;
    async function* slowly(): AsyncGenerator<Uint8Array> {
      for await (const part of source) {
        if (++read === 2) await store.putBytes(bytes);
        yield part;
      }
    }
    await expect(store.put(ref, slowly())).resolves.toEqual({ existing: true });
    expect([read, source.destroyed]).toEqual([2, false]);
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  });

  it.each([
    ['wrong_digest', { ...ref, sha256: digestOf(Buffer.from('x')) }, [bytes]],
    ['wrong_size', { ...ref, size: 5 }, [bytes]],
    ['wrong_size', { ...ref, size: 50 }, [bytes]],
    ['too_large', { ...ref, size: 101 }, [bytes]],
  ] as const)('refuses %s and keeps nothing', async (code, declared, chunks) => {
    await expect(store.put(declared, chunksOf(...chunks))).rejects.toMatchObject({ name: 'ContentError', code });
    const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(names).toEqual([]);
  });

  it('keeps nothing of content whose sender goes away', async () => {
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 3);
      throw new Error('gone');
    }
    await expect(store.put(ref, breaking())).rejects.toThrow('gone');
    await expect(store.size(ref.sha256)).resolves.toBeNull();
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  });

  it('does not give out what was changed on disk, and takes it in again', async () => {
    await store.put(ref, chunksOf(bytes));
    writeFileSync(store.pathOf(ref.sha256), 'some c0ntent');
    await expect(store.read(ref.sha256)).rejects.toMatchObject({ code: 'corrupt' });
    await expect(store.read(ref.sha256)).rejects.toMatchObject({ code: 'missing' });
    await expect(store.put(ref, chunksOf(bytes))).resolves.toEqual({ existing: false });
  });

  it('serves nothing that was damaged, and takes the right bytes in its place', async () => {
    await store.put(ref, chunksOf(bytes));
    await expect(store.wholeSize(ref.sha256)).resolves.toBe(bytes.length);
    writeFileSync(store.pathOf(ref.sha256), 'some c0ntent');
    await expect(store.put(ref, chunksOf(bytes))).resolves.toEqual({ existing: false });
    writeFileSync(store.pathOf(ref.sha256), 'short');
    await expect(store.wholeSize(ref.sha256)).rejects.toMatchObject({ code: 'corrupt' });
    await expect(store.wholeSize(ref.sha256)).resolves.toBeNull();
  });

  it('stays short of space until the proof fits that did not, whatever smaller is stored meanwhile', async () => {
    const large = 2 ** 60;
    store = new ContentStore({ folder, maxBytes: 100, maxProofBytes: large }, new SystemRandom());
    const told: unknown[] = [];
    store.listen((failure) => told.push(failure?.code ?? null));
    const full = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes;
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    };
    const refused = async (size: number) =>
      expect(store.put({ sha256: 'a'.repeat(64), size }, full(), 'proof')).rejects.toMatchObject({ code: 'no_space' });
    await refused(large);
    await store.putBytes(bytes);
    await store.probe();
    expect(told).toEqual(['no_space']);
    await refused(bytes.length * 2);
    await store.probe();
    expect(told).toEqual(['no_space', 'no_space', null]);
  });

  it('goes on when its folder for what comes in was cleared away', async () => {
    await store.put(ref, chunksOf(bytes));
    rmSync(join(folder, 'incoming'), { recursive: true });
    await expect(store.putBytes(Buffer.from('more'))).resolves.toMatchObject({ size: 4 });
  });

  it('takes nothing for lost while its whole folder is away, and goes on when it is back', async () => {
    await store.put(ref, chunksOf(bytes));
    const told: unknown[] = [];
    store.listen((failure) => told.push(failure?.code ?? null));
    renameSync(folder, `${folder}.away`);
    const gone = { code: 'folder_gone', hint: 'put it back, or mount it again' };
    await expect(store.size(ref.sha256)).rejects.toMatchObject(gone);
    await expect(store.read(ref.sha256)).rejects.toMatchObject(gone);
    await expect(store.putBytes(Buffer.from('more'))).rejects.toMatchObject(gone);
    await store.probe();
    expect(existsSync(folder)).toBe(false);
    expect(new Set(told)).toEqual(new Set(['folder_gone']));
    renameSync(`${folder}.away`, folder);
    await store.probe();
    expect(told.at(-1)).toBeNull();
    await expect(store.read(ref.sha256)).resolves.toEqual(bytes);
  });

  it('names what has not been put for a while, and removes it', async () => {
    await store.put(ref, chunksOf(bytes));
    const names = async (beforeMs: number) => {
      const found: string[] = [];
      for await (const { sha256 } of store.olderThan(beforeMs)) found.push(sha256);
      return found;
    };
    await expect(names(Date.now() - 60_000)).resolves.toEqual([]);
    await expect(names(Date.now() + 60_000)).resolves.toEqual([ref.sha256]);
    await store.remove(ref.sha256);
    await expect(names(Date.now() + 60_000)).resolves.toEqual([]);
  });
});
