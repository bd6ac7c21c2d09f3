import { execFileSync, spawn } from 'node:child_process';
import { existsSync, linkSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine } from '../../test/support/command-line.js';
import { cleanUp, ROOT, scratchFolder } from '../../test/support/program.js';
import { ScriptedKernel } from '../../test/support/scripted-kernel.js';
import { checkOutput, writeOutput } from './output-file.js';

const PROOF = Buffer.alloc(300_000, 'proof');
const terminal = { bytes: () => Promise.reject(new Error('not standard output')) };

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = scratchFolder();
});
afterAll(cleanUp);

function write(name: string, signal = new AbortController().signal): Promise<void> {
  return writeOutput(at(name), PROOF, { terminal, signal });
}

describe('an output', () => {
  it('[case: out-special-file] goes into a pipe whole, once somebody reads it, and the pipe stays', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const written = write('pipe');
    const [read] = await Promise.all([readFile(at('pipe')), written]);
    expect(read.equals(PROOF)).toBe(true);
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
  });

  it('that nobody reads is given up when it is interrupted', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const interrupt = new AbortController();
    const written = write('pipe', interrupt.signal);
    interrupt.abort();
    await expect(written).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each([
    ['a file', () => writeFileSync(at('target'), 'older')],
    ['nothing yet', () => undefined],
  ])('goes through a link to %s, and the link stays', async (_what, prepare) => {
    prepare();
    symlinkSync('target', at('link'));
    symlinkSync('link', at('link2'));
    await write('link2');
    expect(lstatSync(at('link2')).isSymbolicLink()).toBe(true);
    expect(readFileSync(at('target')).equals(PROOF)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['link', 'link2', 'target']);
  });

  it('through a link to a device leaves the device', async () => {
    symlinkSync('/dev/null', at('link'));
    await checkOutput(at('link'), {});
    await write('link');
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
  });

  it('leaves the older file where the new one cannot be written, and nothing half-written', async () => {
    symlinkSync('loop', at('loop'));
    await expect(write('loop')).rejects.toMatchObject({ code: 'unwritable_file' });
    expect(existsSync(at('none/p'))).toBe(false);
    await expect(write('none/p')).rejects.toThrow('there is no such file or folder');
  });

  it.each([
    ['by its name', (name: string) => name],
    ['by a link', (name: string) => (symlinkSync(name, at('other')), 'other')],
    ['by a hard link', (name: string) => (linkSync(at(name), at('other')), 'other')],
  ])('is never the program or the input, reached %s', async (_how, name) => {
    writeFileSync(at('guest.elf'), 'program');
    const out = at(name('guest.elf'));
    await expect(checkOutput(out, { program: at('guest.elf') })).rejects.toThrow('it is the program itself');
    await expect(checkOutput(out, { program: '', input: at('guest.elf') })).rejects.toThrow('it is the input itself');
  });

  it('as - is the proof on standard output, and everything else on standard error', async () => {
    writeFileSync(at('guest.elf'), 'program');
    const argv = ['prove', at('guest.elf'), '--local', '--out', '-', '--json'];
    const { code, out, err } = await commandLine(argv, { startKernel: () => new ScriptedKernel() });
    expect(code).toBe(0);
    expect(out).toHaveLength(160);
    expect(JSON.parse(err.slice(err.indexOf('{')))).toMatchObject({ proof: '-', bytes: 160 });
  });
});

describe('a reader that goes away', () => {
  /** Runs a command whose standard output nobody reads; the pipe is closed before the command writes. */
  function unread(...argv: string[]): Promise<{ code: number | null; err: string }> {
    const child = spawn(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, err })));
  }

  it.each([[['--help']], [['--version']], [['execute', join(ROOT, 'guests/elf/fibonacci.elf')]]])(
    '[case: closed-pipe] ends %j without a word',
    async (argv) => {
      const { code, err } = await unread(...argv);
      expect(code).toBe(141);
      expect(err.replaceAll(/^execute .*\n/gm, '')).toBe('');
    },
  );
});
