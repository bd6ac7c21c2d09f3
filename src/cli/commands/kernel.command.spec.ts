import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { commandLine } from '../../../test/support/command-line.js';
import { ROOT } from '../../../test/support/program.js';
import { KernelService } from '../../kernel/kernel.service.js';
import { comparisonLines } from './bench-kernel.command.js';

const threadEntry = pathToFileURL(join(ROOT, 'dist/kernel/threads/kernel.worker.js'));
const kernel = new KernelService({ threads: 1, threadEntry });

const proofloom = (...argv: string[]) => commandLine(argv, { startKernel: () => kernel });

afterAll(() => kernel.close());

describe('proofloom kernel', () => {
  it('tables: gives scripts what the kernel says', async () => {
    const { code, out } = await proofloom('kernel', 'tables', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(await kernel.tables());
  });

  it('tables: shows people widths, buses and every scope of the security', async () => {
    const { out } = await proofloom('kernel', 'tables');
    expect(out).toMatch(/^tables of the segment proof \(\d+ columns, 10 of them the quotient.s\)$/m);
    expect(out).toMatch(/^CPU .* 2\^4\.\.20 {2}memory \d+, narrow \d+, wide \d+$/m);
    for (const { scope, bits } of (await kernel.tables()).security) {
      expect(out).toContain(`${scope}: ${bits.toFixed(2)} bits`);
    }
  });

  it('tables: prints one object with --json, Markdown or not', async () => {
    const { out } = await proofloom('kernel', 'tables', '--markdown', '--json');
    expect(JSON.parse(out)).toHaveProperty('securityBits');
  });

  it('info: names proof parameters and digests', async () => {
    const { out } = await proofloom('kernel', 'info');
    const { proofParameters, binaryDigest } = await kernel.info();
    expect(out).toContain(proofParameters);
    expect(out).toContain(binaryDigest);
  });
});

describe('proofloom bench kernel', () => {
  it('compares by the figures that changed, below what makes the runs unlike', () => {
    const figures = [
      { figure: 'wasm.verifyMs', before: 100, after: 60, ratio: 0.6 },
      { figure: 'wasm.peakMiB', before: 500, after: 500, ratio: 1 },
      { figure: 'ratio', before: null, after: 0.4, ratio: null },
    ];
    const lines = comparisonLines({
      differences: ['threads: 2 before, 4 now'],
      programs: [{ name: 'fibonacci', figures }],
      kernel: [],
    });
    const [unlike, , program, changed, added, ...rest] = lines.map((line) => line.trim().split(/ +/));
    expect(unlike).toEqual(['not', 'alike:', 'threads:', '2', 'before,', '4', 'now']);
    expect(program).toEqual(['fibonacci']);
    expect(changed).toEqual(['wasm.verifyMs', '100', '60', '0.6']);
    expect(added).toEqual(['ratio', '-', '0.4', '-']);
    expect(rest).toEqual([['kernel']]);
  });

  it.each([
    [['--programs', 'fibonaci'], 1, 'choose from fibonacci, sha256-chain, memory-heavy, muldiv-heavy, headers'],
    [['--threads', '3'], 2, 'Allowed choices are 1, 2'],
    [['--compare', '/nowhere/saved.json'], 1, 'there is no such file'],
    [['--compare', join(ROOT, 'README.md')], 1, 'give a file that `proofloom bench kernel --json` has printed'],
    [['--segment-cycles', '0'], 2, 'a whole number from 256'],
  ])('refuses %j', async (argv, expected, why) => {
    const { code, err } = await proofloom('bench', 'kernel', ...argv);
    expect(code).toBe(expected);
    expect(err).toContain(why);
  });
});
