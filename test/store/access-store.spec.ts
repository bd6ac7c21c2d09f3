// Keys and tokens, the same in memory and on disk.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { AccessStore } from '../../src/coordinator/store/access-store.js';
import { MemoryAccessStore } from '../../src/coordinator/store/memory/memory-access-store.js';
import { SqliteStore } from '../../src/coordinator/store/sqlite/sqlite-store.js';
import type { ApiKey, KeyId } from '../../src/domain/access/api-key.js';
import type { EnrolmentToken } from '../../src/domain/access/enrolment-token.js';
import type { ProverId, Sha256 } from '../../src/domain/ids.js';
import { cleanUp, scratchFolder } from '../support/program.js';

afterAll(cleanUp);

function key(number: number, change: Partial<ApiKey> = {}): ApiKey {
  return {
    id: `key-${number}` as KeyId,
    digest: String(number).repeat(64) as Sha256,
    role: 'read',
    prover: null,
    label: 'of a test',
    createdAtMs: number,
    expiresAtMs: null,
    revokedAtMs: null,
    ...change,
  };
}

const TOKEN: EnrolmentToken = {
  digest: 'e'.repeat(64) as Sha256,
  prover: 'anna' as ProverId,
  createdAtMs: 1,
  expiresAtMs: 1000,
  usedAtMs: null,
};

const opened = (folder: string) => new SqliteStore(join(folder, 'keys.sqlite'));

describe.each<[string, () => AccessStore]>([
  ['memory', () => new MemoryAccessStore()],
  ['sqlite', () => opened(scratchFolder()).access()],
])('keys in %s', (_name, open) => {
  it('come back as they were kept, oldest first, and as they are now', async () => {
    const store = open();
    const proving = key(2, { role: 'prove', prover: 'anna' as ProverId, expiresAtMs: 99 });
    await store.putKey(key(1));
    await store.putKey(proving);
    await store.putKey(key(1, { revokedAtMs: 5 }));
    expect(await store.keys()).toEqual([key(1, { revokedAtMs: 5 }), proving]);
  });

  it('come of a token once', async () => {
    const store = open();
    await store.putKey(key(1));
    await store.putToken(TOKEN);
    expect(await store.token(TOKEN.digest)).toEqual(TOKEN);
    const keys = [key(1, { revokedAtMs: 7 }), key(2)];
    expect(await store.enrol(TOKEN.digest, 7, keys)).toBe(true);
    expect(await store.enrol(TOKEN.digest, 8, [key(3)])).toBe(false);
    expect(await store.enrol('f'.repeat(64) as Sha256, 8, [key(3)])).toBe(false);
    expect(await store.keys()).toEqual(keys);
    expect(await store.token(TOKEN.digest)).toEqual({ ...TOKEN, usedAtMs: 7 });
    expect(await store.token('f'.repeat(64) as Sha256)).toBeNull();
  });
});

describe.each<[string, () => AccessStore]>([
  ['memory', () => new MemoryAccessStore()],
  ['sqlite', () => opened(scratchFolder()).access()],
])('the audit log in %s', (_name, open) => {
  it('is read newest first, page by page', async () => {
    const store = open();
    const entry = { action: 'Proofs/Cancel', caller: 'key-1', address: '::1', subject: 'job-1', outcome: 'OK' };
    await store.audit([1, 2, 3].map((atMs) => ({ ...entry, atMs })));
    const newest = await store.auditLog({ before: null, limit: 2 });
    expect(newest).toEqual([3, 2].map((number) => ({ ...entry, atMs: number, sequence: number })));
    expect(await store.auditLog({ before: 2, limit: 2 })).toEqual([{ ...entry, atMs: 1, sequence: 1 }]);
  });
});

it('the audit log on disk is append-only', async () => {
  const folder = scratchFolder();
  const store = opened(folder);
  await store.access().audit([{ atMs: 1, action: 'a', caller: 'b', address: 'c', subject: 'd', outcome: 'OK' }]);
  await store.close();
  const database = new Database(join(folder, 'keys.sqlite'));
  expect(() => database.exec('DELETE FROM audit_log')).toThrow('append-only');
  expect(() => database.exec("UPDATE audit_log SET caller = 'x'")).toThrow('append-only');
  database.close();
});

it('keys outlive the process, and a failed enrolment leaves its token as it was', async () => {
  const folder = scratchFolder();
  const first = opened(folder);
  await first.access().putToken(TOKEN);
  await first.access().putKey(key(1));
  const clash = key(2, { digest: key(1).digest });
  await expect(first.access().enrol(TOKEN.digest, 7, [clash])).rejects.toMatchObject({ name: 'StoreError' });
  await first.close();
  const second = opened(folder);
  expect(await second.access().keys()).toEqual([key(1)]);
  expect(await second.access().token(TOKEN.digest)).toEqual(TOKEN);
  await second.close();
});
