// What a command loads before it does anything: help and checks of arguments wait for no server's libraries.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cleanUp, Program, ROOT, scratchFolder } from '../support/program.js';

/** Writes the URL of everything that is loaded, by `import` or by `require`, into the file LOADED. */
const RECORDER = `
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
process.on('exit', () => writeFileSync(process.env.LOADED, JSON.stringify(loaded)));
`;

interface Run {
  readonly code: number;
  readonly out: string;
  readonly loaded: readonly string[];
}

function run(...argv: readonly string[]): Promise<Run> {
  const folder = scratchFolder();
  const [recorder, report] = [join(folder, 'recorder.mjs'), join(folder, 'loaded.json')];
  writeFileSync(recorder, RECORDER);
  const args = ['--import', pathToFileURL(recorder).href, join(ROOT, 'bin/proofloom.js'), ...argv];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env: { ...process.env, LOADED: report } }, (error, out) => {
      const loaded = JSON.parse(readFileSync(report, 'utf8')) as string[];
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, loaded });
    });
  });
}

/** Installed packages among what was loaded. */
function packagesOf(loaded: readonly string[]): string[] {
  const names = loaded.map((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]);
  return [...new Set(names.flatMap((name) => name ?? []))].toSorted();
}

afterAll(cleanUp);

describe('the command line', () => {
  it('prints its help with nothing loaded but what reads command lines', async () => {
    const { code, out, loaded } = await run('--help');
    expect({ code, usage: out.split('\n')[0] }).toEqual({ code: 0, usage: 'Usage: proofloom [options] [command]' });
    expect(packagesOf(loaded)).toEqual(['commander']);
    expect(loaded.filter((url) => /\/(coordinator|prover|client|bench)\//.test(url))).toEqual([]);
  });

  it('refuses a wrong option with nothing more', async () => {
    const { code, loaded } = await run('prove', 'guest.elf', '--no-such-option');
    expect(code).toBe(2);
    expect(packagesOf(loaded)).toEqual(['commander']);
  });

  it('runs and verifies programs on this machine without gRPC, Nest and SQLite', async () => {
    const { code, loaded } = await run('execute', join(ROOT, 'guests/elf/fibonacci.elf'), '--json');
    expect(code).toBe(0);
    expect(packagesOf(loaded)).toEqual(['commander']);
  });
});

describe('the servers', () => {
  const local = {
    DISTRIBUTED_SERVER_HOST: '127.0.0.1',
    DISTRIBUTED_HTTP_HOST: '127.0.0.1',
    DISTRIBUTED_HTTP_PORT: '0',
  };

  it('are started as proofloom coordinator and proofloom prover', async () => {
    const coordinator = Program.start('bin/proofloom.js', ['coordinator', 'server', '--port', '0'], local);
    const { grpcPort } = await coordinator.message('ready');
    const url = `http://127.0.0.1:${String(grpcPort)}`;
    const prover = Program.start('bin/proofloom.js', ['prover', '--url', url]);
    await prover.message('connected');
    await prover.stop();
    await expect(coordinator.stop()).resolves.toMatchObject({ code: 0, signal: null });
  });

  it.each(['coordinator', 'prover'])('say their own options: proofloom %s --help', async (name) => {
    const { code, out } = await run(name, '--help');
    expect({ code, usage: out.split('\n')[0] }).toEqual({
      code: 0,
      usage: `Usage: ${name} [options]${name === 'coordinator' ? ' [command]' : ''}`,
    });
  });

  it('are told apart from commands whose options come first', async () => {
    expect((await run('--json', 'coordinator', '--port', '1')).code).toBe(2);
  });
});
