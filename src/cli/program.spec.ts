import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, type Outcome } from '../../test/support/command-line.js';
import { cleanUp, scratchFolder } from '../../test/support/program.js';
import { ScriptedKernel } from '../../test/support/scripted-kernel.js';

describe('proofloom', () => {
  let folder: string;
  let elf: string;
  let kernel: ScriptedKernel;
  let interrupt: AbortController;
  const environment: Record<string, string> = {};

  beforeEach(() => {
    folder = scratchFolder();
    elf = join(folder, 'guest.elf');
    writeFileSync(elf, 'program');
    kernel = new ScriptedKernel();
    interrupt = new AbortController();
    for (const name of Object.keys(environment)) delete environment[name];
  });

  afterAll(cleanUp);

  function proofloom(...argv: string[]): Promise<Outcome> {
    let now = 0;
    const nowMs = () => (now += 1);
    return commandLine(argv, { signal: interrupt.signal, nowMs, startKernel: () => kernel, environment });
  }

  /** Runs with --json, checks that exactly one object came, and returns it. */
  async function json(...argv: string[]): Promise<{ code: number; object: Record<string, unknown> }> {
    const { code, out } = await proofloom(...argv, '--json');
    return { code, object: JSON.parse(out) as Record<string, unknown> };
  }

  describe('execute', () => {
    it('says what the program did', async () => {
      const { code, object } = await json('execute', elf, '--segment-cycles', '500');
      expect(code).toBe(0);
      expect(object).toEqual({
        cycles: 1000,
        segments: 3,
        exitCode: 0,
        output: expect.any(String),
        misalignedAccesses: 2,
      });
      expect(kernel.calls).toEqual(['plan execute 500']);
    });

    it('gives the input to the program', async () => {
      const input = join(folder, 'input.bin');
      writeFileSync(input, 'x');
      const without = await json('execute', elf);
      const { object } = await json('execute', elf, '--input', input);
      expect(object['output']).not.toBe(without.object['output']);
    });

    it('fails, with all facts, where the program ends with a non-zero exit code', async () => {
      kernel.plan$ = (request) => kernel.halts(request, { exitCode: 7 });
      const { code, object } = await json('execute', elf);
      expect(code).toBe(1);
      expect(object).toMatchObject({ exitCode: 7, cycles: 1000 });
    });

    it('fails with the reason, pc and what to do where the program traps', async () => {
      const message = 'unmapped load at pc 0x80000010';
      const failure = { code: 'UNMAPPED_LOAD', message, pc: 0x8000_0010n, cycles: 5n } as const;
      kernel.plan$ = () => ({ outcome: 'failed', failure });
      const { code, object } = await json('execute', elf);
      expect(code).toBe(1);
      expect(object).toEqual({
        error: {
          code: 'guest_failed',
          message: 'the guest did not halt: unmapped load at pc 0x80000010',
          hint: 'correct the guest or its input',
          reason: 'UNMAPPED_LOAD',
          pc: '0x80000010',
          cycles: 5,
        },
      });
    });

    it.each([
      ['a file that is not there', () => join(folder, 'none.elf'), 'there is no such file or folder'],
      ['a folder', () => folder, 'it is a folder'],
    ])('says why %s cannot be read', async (_what, path, why) => {
      const { code, err } = await proofloom('execute', path());
      expect(code).toBe(1);
      expect(err).toContain(`the program ${path()} cannot be read: ${why}`);
      expect(err).toContain('what to do: ');
    });

    it('refuses a program over the limit without reading on', async () => {
      const { code, object } = await json('execute', '/dev/zero');
      expect(code).toBe(1);
      expect(object).toMatchObject({ error: { code: 'file_too_large', maxBytes: 64 * 2 ** 20 } });
    });
  });

  describe('prove', () => {
    const prove = (...argv: string[]) => proofloom('prove', elf, '--local', '--out', join(folder, 'p'), ...argv);
    const left = () => readdirSync(folder).filter((name) => name !== 'guest.elf');

    it('goes through all phases, keeps the segments in order and writes the verified proof', async () => {
      const { code, object } = await json('prove', elf, '--local', '-o', join(folder, 'p'), '--threads', '2');
      expect(code).toBe(0);
      expect(object).toMatchObject({
        proof: join(folder, 'p'),
        bytes: 160,
        segments: 3,
        securityBits: 100.2,
        threads: 2,
      });
      expect(object['phasesMs']).toEqual({
        plan: expect.any(Number),
        contribution: expect.any(Number),
        prove: expect.any(Number),
        aggregate: expect.any(Number),
        verify: expect.any(Number),
      });
      expect(kernel.calls).toEqual([
        'plan prove 262143',
        'contribute 0 2',
        'contribute 1 3',
        'prove 0',
        'prove 1',
        'prove 2',
        'prove 3',
        'aggregate 4',
        'verify',
      ]);
      expect(readFileSync(join(folder, 'p'))).toHaveLength(160);
    });

    it('gives the same bytes with any number of threads', async () => {
      await prove('--threads', '1');
      const one = readFileSync(join(folder, 'p'));
      await prove('--threads', '4');
      expect(readFileSync(join(folder, 'p'))).toEqual(one);
    });

    it('keeps no more calls in flight than it has threads', async () => {
      kernel.segments = 20;
      await prove('--threads', '3');
      expect(kernel.peak).toBe(3);
    });

    it('shows plain lines where it does not write to a terminal', async () => {
      const { err, out } = await prove('--threads', '1');
      expect(err.split('\n').slice(0, 3)).toEqual([
        'proving on this machine with 1 thread',
        'plan          0 %',
        'plan        100 %',
      ]);
      expect(err).toContain('prove       100 %');
      expect(out).toContain('and verified');
    });

    it('ends the other segments and leaves nothing behind where one fails', async () => {
      kernel.segments = 50;
      kernel.failing.add(1);
      const { code, err } = await prove('--threads', '2');
      expect(code).toBe(1);
      expect(err).toContain('segment 1 trapped');
      expect(kernel.calls.filter((call) => call.startsWith('prove')).length).toBeLessThan(10);
      expect(left()).toEqual([]);
    });

    it('keeps an older proof where the new one fails', async () => {
      writeFileSync(join(folder, 'p'), 'older');
      kernel.failing.add(2);
      await prove();
      expect(readFileSync(join(folder, 'p'), 'utf8')).toBe('older');
      expect(left()).toEqual(['p']);
    });

    it('stops on Ctrl-C with exit code 130 and writes nothing', async () => {
      interrupt.abort();
      const { code } = await prove();
      expect(code).toBe(130);
      expect(left()).toEqual([]);
    });

    it('refuses a run that ends with a non-zero exit code', async () => {
      kernel.plan$ = (request) => kernel.halts(request, { exitCode: 3 });
      const { code, err } = await prove();
      expect(code).toBe(1);
      expect(err).toContain('the guest ended with exit code 3, so there is nothing to prove');
      expect(left()).toEqual([]);
    });

    it('finds out before it proves that the file cannot be written', async () => {
      mkdirSync(join(folder, 'taken'));
      for (const out of [join(folder, 'none', 'p'), join(folder, 'taken')]) {
        const { code, object } = await json('prove', elf, '--local', '--out', out);
        expect(code).toBe(1);
        expect(object).toMatchObject({ error: { code: 'unwritable_file' } });
      }
      expect(kernel.calls).toEqual([]);
    });

    it('goes to the network where an address is given, and says what to do where nobody answers', async () => {
      environment['DISTRIBUTED_SERVER_URL'] = 'http://127.0.0.1:1';
      const { code, object } = await json('prove', elf, '--out', join(folder, 'p'));
      expect(code).toBe(1);
      expect(object).toMatchObject({
        error: {
          code: 'unreachable',
          message: expect.stringContaining('no coordinator answers at http://127.0.0.1:1'),
          hint: expect.stringContaining('npx coordinator'),
        },
      });
      expect(left()).toEqual([]);
      await expect(prove()).resolves.toMatchObject({ code: 0 });
    });
  });

  describe('verify', () => {
    let proof: string;

    beforeEach(async () => {
      proof = join(folder, 'p');
      await proofloom('prove', elf, '--local', '--out', proof);
    });

    it('says what the proof says, by program and by verifying key', async () => {
      const { code, object } = await json('verify', proof, '--program', elf);
      expect(code).toBe(0);
      expect(object).toMatchObject({ verified: true, exitCode: 0, cycles: 1000, segments: 3, securityBits: 100.2 });
      const byKey = await json('verify', proof, '--vk', String(object['vkDigest']).toUpperCase());
      expect(byKey.code).toBe(0);
    });

    it('fails with the broken rule where the program is another one', async () => {
      writeFileSync(elf, 'another program');
      const { code, object } = await json('verify', proof, '--program', elf);
      expect(code).toBe(1);
      expect(object).toMatchObject({ error: { code: 'verification_failed', rule: 'vk' } });
    });

    it('is not asked for both, or for neither, program and key', async () => {
      const both = await proofloom('verify', proof, '--program', elf, '--vk', 'ab'.repeat(32));
      expect(both).toMatchObject({ code: 2, out: '' });
      const neither = await proofloom('verify', proof);
      expect(neither.code).toBe(2);
      expect(neither.err).toContain('--program ELF');
    });
  });

  describe('drain', () => {
    it.each([[[]], [['anna', '--all']]])('asks for one prover or all of them, not %j', async (args) => {
      const { code, object } = await json('drain', ...args);
      expect(code).toBe(2);
      expect(object).toMatchObject({ error: { code: 'usage' } });
    });

    it('says where nobody answers', async () => {
      const { code, object } = await json('drain', 'anna', '--url', 'http://127.0.0.1:1');
      expect(code).toBe(1);
      expect(object).toMatchObject({ error: { code: 'unreachable' } });
    });
  });

  describe('the command line', () => {
    it.each([
      [['execute'], "missing required argument 'elf'"],
      [['prove', 'x'], "required option '-o, --out <file>' not specified"],
      [['execute', 'x', '--max-cycles', '1e3'], 'allowed: a whole number from 1 to 4294967296.'],
      [['verify', 'x', '--vk', 'abc'], 'allowed: 64 hexadecimal digits.'],
      [['prov'], "unknown command 'prov'"],
    ])('refuses %j with exit code 2', async (argv, why) => {
      const { code, err } = await proofloom(...argv);
      expect(code).toBe(2);
      expect(err).toContain(why);
      const machine = await json(...argv);
      const message: unknown = expect.stringContaining(why);
      expect(machine).toMatchObject({ code: 2, object: { error: { code: 'usage', message } } });
    });

    it('says as an object, too, that a command is missing', async () => {
      expect(await json()).toMatchObject({ code: 2, object: { error: { code: 'usage' } } });
    });

    it('shows help with examples', async () => {
      const { code, out } = await proofloom('--help');
      expect(code).toBe(0);
      expect(out).toContain('proofloom prove guests/elf/fibonacci.elf --local --out fibonacci.plm');
    });
  });
});
