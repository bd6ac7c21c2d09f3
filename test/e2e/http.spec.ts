import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, Program, ROOT, scratchFolder } from '../support/program.js';

const COORDINATOR = 'dist/coordinator/main.js';
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let coordinator: Program;
let http: string;

beforeAll(async () => {
  const address = ['--host', '127.0.0.1', '--http-host', '127.0.0.1', '--port', '0', '--http-port', '0'];
  coordinator = Program.start(COORDINATOR, [...address, '--data-dir', join(scratchFolder(), 'data')], {});
  const { httpPort } = await coordinator.message('ready');
  http = `http://127.0.0.1:${String(httpPort)}`;
});

afterAll(async () => {
  await coordinator.stop();
  cleanUp();
});

describe('the HTTP side', () => {
  const bytes = Buffer.alloc(1_000_000, 'http bytes ');
  const url = () => `${http}/artifacts/${digestOf(bytes)}`;

  it('says that it serves', async () => {
    const response = await fetch(`${http}/healthz`);
    expect(response.status).toBe(200);
    await expect(response.json()).resolves.toMatchObject({ status: 'serving', provers: 0 });
    expect((await fetch(`${http}/livez`)).status).toBe(200);
  });

  it('has metrics in the format of Prometheus: all that docs/metrics.md names, and those of the process', async () => {
    const response = await fetch(`${http}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    const page = readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8');
    const documented = [...page.matchAll(/^\| `(coordinator_\w+)` \| (\w+) \|/gm)].map(
      ([, name, type]) => `${name} ${type}`,
    );
    const served = [...text.matchAll(/^# TYPE (coordinator_\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`);
    expect(served.toSorted()).toEqual(documented.toSorted());
    expect(text).toMatch(/^process_resident_memory_bytes \d/m);
    expect(text).toMatch(/^coordinator_ready 1$/m);
    expect(text).toMatch(/^coordinator_disk_free_bytes [1-9]/m);
    expect(text).toMatch(/^coordinator_workers_by_status\{status="idle"\} 0$/m);
  });

  it('takes an artifact and gives it, whole or from an offset', async () => {
    expect((await fetch(url(), { method: 'HEAD' })).status).toBe(404);
    expect((await fetch(url(), { method: 'PUT', body: bytes })).status).toBe(201);
    const again = await fetch(url(), { method: 'PUT', body: bytes });
    await expect(again.json()).resolves.toMatchObject({ existing: true, size: bytes.length });
    expect((await fetch(url(), { method: 'HEAD' })).headers.get('content-length')).toBe(String(bytes.length));
    const whole = await fetch(url());
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
    const rest = await fetch(url(), { headers: { range: 'bytes=999990-' } });
    expect(rest.status).toBe(206);
    expect(Buffer.from(await rest.arrayBuffer()).equals(bytes.subarray(999_990))).toBe(true);
  });

  it.each([
    ['bytes=0-', 'bytes 0-999999/1000000', 0, 1_000_000],
    ['bytes=10-19', 'bytes 10-19/1000000', 10, 20],
    ['bytes=-5', 'bytes 999995-999999/1000000', 999_995, 1_000_000],
    ['bytes=999999-2000000', 'bytes 999999-999999/1000000', 999_999, 1_000_000],
  ])('gives the range %s of an artifact', async (range, contentRange, start, end) => {
    await fetch(url(), { method: 'PUT', body: bytes });
    const part = await fetch(url(), { headers: { range } });
    expect({ status: part.status, range: part.headers.get('content-range') }).toEqual({
      status: 206,
      range: contentRange,
    });
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(start, end))).toBe(true);
  });

  it('refuses a range that lies beyond the artifact', async () => {
    await fetch(url(), { method: 'PUT', body: bytes });
    const beyond = await fetch(url(), { headers: { range: 'bytes=1000000-' } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */1000000']);
  });

  it('takes no artifact whose size is not declared', async () => {
    const body = new ReadableStream({ start: (stream) => (stream.enqueue(bytes), stream.close()) });
    const request = { method: 'PUT', body, duplex: 'half' } as RequestInit;
    expect((await fetch(url(), request)).status).toBe(411);
  });

  it.each([
    ['other bytes than its name says', 'PUT', () => `${http}/artifacts/${'a'.repeat(64)}`, 400],
    ['a name that is no digest', 'GET', () => `${http}/artifacts/..%2fcoordinator.sqlite`, 400],
    ['what is not there', 'GET', () => `${http}/artifacts/${'a'.repeat(64)}`, 404],
  ])('refuses %s', async (_what, method, path, code) => {
    const response = await fetch(path(), method === 'PUT' ? { method, body: 'x' } : { method });
    expect(response.status).toBe(code);
  });
});
