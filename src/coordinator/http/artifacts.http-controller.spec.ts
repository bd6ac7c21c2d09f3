import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ContentStore, refOf } from '../../content/content-store.js';
import { CountingRandom } from '../../../test/support/manual-time.js';
import { ArtifactsHttpController } from './artifacts.http-controller.js';

const BYTES = Buffer.from('0123456789abcdef');
const { sha256 } = refOf(BYTES);
const ETAG = `"${sha256}"`;
/** A folder whose name begins with a dot, as the default data directory's does. */
const folder = join(mkdtempSync(join(tmpdir(), 'proofloom-http-')), '.data');

let app: INestApplication;
let url: string;

beforeAll(async () => {
  const content = new ContentStore(
    { folder, maxBytes: 1000, maxProofBytes: 2000, durable: false },
    new CountingRandom(),
  );
  await content.putBytes(BYTES);
  const module = await Test.createTestingModule({
    controllers: [ArtifactsHttpController],
    providers: [{ provide: ContentStore, useValue: content }],
  }).compile();
  app = module.createNestApplication({ bodyParser: false, logger: false });
  await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/artifacts/${sha256}`;
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(headers: Record<string, string>, method = 'GET') {
  const response = await fetch(url, { method, headers });
  const body = await response.text();
  return { status: response.status, range: response.headers.get('content-range'), body, headers: response.headers };
}

const WHOLE = { status: 200, range: null, body: BYTES.toString() };

describe('an artifact over HTTP', () => {
  it('that was damaged on the disk is not served, and taken in again', async () => {
    const bytes = Buffer.from('right bytes');
    const name = refOf(bytes).sha256;
    const target = url.replace(sha256, name);
    await fetch(target, { method: 'PUT', body: bytes });
    writeFileSync(join(folder, name.slice(0, 2), name), 'wrong bytes');
    const answer = await fetch(target);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/json');
    await expect(answer.text()).resolves.toContain('have another digest');
    expect((await fetch(target, { method: 'PUT', body: bytes })).status).toBe(201);
    await expect((await fetch(target)).text()).resolves.toBe('right bytes');
  });

  it.each([
    ['', 1000, 201],
    ['', 1001, 413],
    ['?kind=proof', 2000, 201],
    ['?kind=proof', 2001, 413],
    ['?kind=program', 10, 400],
  ])('put with "%s" has the limit of its kind (%d bytes: %d)', async (query, size, status) => {
    const body = Buffer.alloc(size, `${query}${size}`);
    const target = `${url.replace(sha256, refOf(body).sha256)}${query}`;
    expect((await fetch(target, { method: 'PUT', body })).status).toBe(status);
  });

  it('comes whole, named by its digest, and says that it has ranges', async () => {
    const { headers, ...answer } = await ask({});
    expect(answer).toEqual(WHOLE);
    expect(Object.fromEntries(headers)).toMatchObject({
      etag: ETAG,
      'accept-ranges': 'bytes',
      'content-length': '16',
      'content-type': 'application/octet-stream',
    });
  });

  it.each([
    ['bytes=0-', 'bytes 0-15/16', BYTES.toString()],
    ['bytes=10-12', 'bytes 10-12/16', 'abc'],
    ['bytes=-2', 'bytes 14-15/16', 'ef'],
    ['bytes=15-2000', 'bytes 15-15/16', 'f'],
    ['bytes=0-0', 'bytes 0-0/16', '0'],
  ])('has the range %s', async (range, contentRange, body) => {
    expect(await ask({ range })).toMatchObject({ status: 206, range: contentRange, body });
  });

  it.each(['lines=0-1', 'bytes=0-1,8-9', 'nonsense', 'bytes 0-1'])(
    '[case: http-range] comes whole where it is asked for %s: a unit, a form or several ranges that are not served',
    async (range) => {
      expect(await ask({ range })).toMatchObject(WHOLE);
    },
  );

  it.each(['bytes=16-', 'bytes=100-200', 'bytes=-0'])('says how long it is where %s lies beyond it', async (range) => {
    expect(await ask({ range })).toMatchObject({ status: 416, range: 'bytes */16' });
  });

  it.each([ETAG, `"${'0'.repeat(64)}", ${ETAG}`, '*', `W/${ETAG}`])(
    'does not come again to a caller that has it (%s)',
    async (known) => {
      const { headers, ...answer } = await ask({ 'if-none-match': known });
      expect(answer).toEqual({ status: 304, range: null, body: '' });
      expect(headers.get('etag')).toBe(ETAG);
    },
  );

  it('comes to a caller that has something else', async () => {
    expect(await ask({ 'if-none-match': '"another"' })).toMatchObject(WHOLE);
    expect(await ask({ 'if-match': '"another"' })).toMatchObject({ status: 412 });
    expect(await ask({ 'if-match': ETAG })).toMatchObject(WHOLE);
  });

  it('has the range for the caller that has its beginning, and comes whole to one that has the beginning of another', async () => {
    expect(await ask({ range: 'bytes=10-', 'if-range': ETAG })).toMatchObject({ status: 206, body: 'abcdef' });
    expect(await ask({ range: 'bytes=10-', 'if-range': '"another"' })).toMatchObject(WHOLE);
  });

  it('is described by HEAD, which knows no ranges', async () => {
    const { headers, ...answer } = await ask({ range: 'bytes=0-1' }, 'HEAD');
    expect(answer).toEqual({ status: 200, range: null, body: '' });
    expect(headers.get('content-length')).toBe('16');
    expect(await ask({ 'if-none-match': ETAG }, 'HEAD')).toMatchObject({ status: 304 });
  });
});
