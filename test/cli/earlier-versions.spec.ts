// What scripts and files of earlier versions meet: it works, or the command says what to do.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KernelService } from '../../src/kernel/kernel.service.js';
import { commandLine } from '../support/command-line.js';
import { KERNEL_THREAD_ENTRY } from '../support/fake-kernel.js';
import { ROOT } from '../support/program.js';
import { ScriptedKernel } from '../support/scripted-kernel.js';

const GOLDEN = join(ROOT, 'kernel/vm/tests/golden');
const PROGRAM = join(GOLDEN, 'fibonacci_v3.elf');
/** Where a proof says its format and the revision of its tables, two bytes each. */
const FORMAT_AT = 4;
const TABLES_AT = 6;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'proofloom-earlier-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a proof of another version', () => {
  const kernel = new KernelService({ threads: 1, threadEntry: KERNEL_THREAD_ENTRY });
  afterAll(() => kernel.close());

  async function verify(at: number, version: number) {
    const bytes = readFileSync(join(GOLDEN, 'fibonacci_v3.plm'));
    bytes.writeUInt16LE(version, at);
    const file = join(folder, `${at}-${version}.plm`);
    writeFileSync(file, bytes);
    const { code, out } = await commandLine(['verify', file, '--program', PROGRAM, '--json'], {
      startKernel: () => kernel,
    });
    return { code, error: (JSON.parse(out) as { error?: { code: string; message: string; hint: string } }).error };
  }

  it('of this one is verified', async () => {
    expect(await verify(FORMAT_AT, 3)).toEqual({ code: 0, error: undefined });
  });

  it.each([1, 2, 4])('of format %i is refused with where to verify it', async (format) => {
    const { code, error } = await verify(FORMAT_AT, format);
    expect({ code, error: error?.code }).toEqual({ code: 1, error: 'invalid_proof' });
    expect(error?.message).toBe(`proof format version ${format}, this verifier knows version 3`);
    expect(error?.hint).toContain('whose `proofloom kernel info` shows that proof format, or prove the program again');
  });

  it('of an older kernel is refused with the revision to look for', async () => {
    const { code, error } = await verify(TABLES_AT, 0);
    expect(code).toBe(1);
    expect(error?.message).toContain('whose `proofloom kernel info` shows tables revision 0');
    expect(error?.hint).toContain('the release that the message names');
  });
});

describe('an option that has another name now', () => {
  it('--leaves is --commitments', async () => {
    const elf = join(folder, 'program.elf');
    writeFileSync(elf, 'a program');
    const proofloom = (...argv: string[]) =>
      commandLine(['kernel', ...argv], { startKernel: () => new ScriptedKernel() });
    const { commitments } = JSON.parse((await proofloom('contribute', elf, '--json')).out) as {
      commitments: { commitment: string }[];
    };
    const file = join(folder, 'leaves.json');
    writeFileSync(file, JSON.stringify(commitments.map(({ commitment }) => commitment)));
    const prove = async (option: string) => {
      const out = join(folder, option.slice(2));
      const { code } = await proofloom('prove', elf, option, file, '--segments', '1', '--out-dir', out);
      return { code, proof: readFileSync(join(out, 'segment-1.proof')).toString('hex') };
    };
    const [now, before] = [await prove('--commitments'), await prove('--leaves')];
    expect(now.code).toBe(0);
    expect(before).toEqual(now);
  });
});
