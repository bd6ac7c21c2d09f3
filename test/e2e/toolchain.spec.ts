// Nothing but Node is needed to build and run: no Rust, no protoc, no plugins.
import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { cleanUp, ROOT, scratchFolder } from '../support/program.js';

const run = promisify(execFile);
const SOURCES = ['src', 'packages', 'scripts', 'proto', 'bin', 'package.json', 'nest-cli.json', '.swcrc'];
const PROJECTS = ['tsconfig.json', 'tsconfig.coordinator.json', 'tsconfig.prover.json'];

const NEST = join('node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
const ANY_PORTS = { DISTRIBUTED_SERVER_HOST: '127.0.0.1', DISTRIBUTED_SERVER_PORT: '0', DISTRIBUTED_HTTP_PORT: '0' };
const DEADLINE_MS = 180_000;

let checkout: string;
/** Leaders of process groups: what `nest start` runs is the child of a child. */
const groups: number[] = [];

beforeAll(() => {
  checkout = scratchFolder();
  for (const name of [...SOURCES, ...PROJECTS]) cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  for (const name of ['node_modules', 'kernel', 'guests']) symlinkSync(join(ROOT, name), join(checkout, name));
});

afterAll(() => {
  for (const leader of groups) {
    try {
      process.kill(-leader, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  cleanUp();
});

/** Starts an application as Nest does, and returns its first log line with this message. */
async function nestStart(application: string, message: string, settings: Record<string, string>) {
  const env = { PATH: process.env['PATH'], DISTRIBUTED_LOGGING_FORMAT: 'json', ...settings };
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const args = [NEST, 'start', application];
  const child = spawn(process.execPath, args, { cwd: checkout, env, stdio: [...stdio], detached: true });
  if (child.pid !== undefined) groups.push(child.pid);
  if (!child.stdout) throw new Error('there is a pipe');
  const lines = createInterface(child.stdout);
  const said: string[] = [];
  for await (const line of lines) {
    said.push(line);
    const entry = line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : {};
    if (entry['message'] === message) return entry;
  }
  throw new Error(`nest start ${application} ended: ${said.join(' | ')}`);
}

describe('a checkout', () => {
  it('is built with nothing on the path but Node and sh', async () => {
    const path = join(checkout, 'path');
    mkdirSync(path);
    symlinkSync(process.execPath, join(path, 'node'));
    symlinkSync('/bin/sh', join(path, 'sh'));
    symlinkSync('/usr/bin/env', join(path, 'env'));
    await run(process.execPath, ['scripts/build.mjs'], { cwd: checkout, env: { PATH: path } });
    const built = ['dist/coordinator/main.js', 'dist/prover/main.js', 'dist/cli/main.js'];
    expect(built.filter((file) => existsSync(join(checkout, file)))).toEqual(built);
  });

  it(
    'is started by nest start, and a prover finds its coordinator',
    async () => {
      const { grpcPort } = await nestStart('coordinator', 'ready', ANY_PORTS);
      const url = { DISTRIBUTED_SERVER_URL: `http://127.0.0.1:${String(grpcPort)}` };
      await expect(nestStart('prover', 'connected', url)).resolves.toMatchObject({ computeUnits: expect.any(Number) });
    },
    DEADLINE_MS,
  );
});
