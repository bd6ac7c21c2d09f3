// The SDK for guests as others get it: its tarball in an empty folder, and a compiler.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, ROOT } from '../support/program.js';
import { Installed, measured } from './installed.js';

let installed: Installed;
let sdk: string;

beforeAll(async () => {
  installed = await Installed.of('@proofloom/guest-sdk');
  sdk = join(installed.modules, '@proofloom', 'guest-sdk');
});

afterAll(cleanUp);

describe('@proofloom/guest-sdk', () => {
  it('has headers, library, linker script, crate and templates', () => {
    const files = ['c/include/proofloom.h', 'c/libproofloom.a', 'c/link.ld', 'rust/Cargo.toml', 'templates/c/guest.c'];
    measured('@proofloom/guest-sdk, installed', installed.bytes, 1);
    expect(files.filter((file) => !existsSync(join(sdk, file)))).toEqual([]);
  });

  it('builds the C template, which the machine runs', async () => {
    await installed.run('cp', '-r', `${join(sdk, 'templates/c')}/.`, '.');
    await installed.run('make', 'guest.elf');
    installed.write('input.bin', 'abc');
    const args = ['execute', 'guest.elf', '--input', 'input.bin', '--json'];
    const printed = await installed.run(process.execPath, join(ROOT, 'bin/proofloom.js'), ...args);
    // 97 + 98 + 99
    expect(JSON.parse(printed)).toMatchObject({ exitCode: 0, output: '2601000000000000' });
  });

  it.each([
    ['an array of variable length', 'unsigned long t[n];'],
    ['memory of alloca', 'unsigned long *t = __builtin_alloca(8 * n);'],
  ])('has %s refused whose size nothing bounds: its computation could wrap', async (_what, declaration) => {
    const guest = (check: string) =>
      `void abort(void) __attribute__((noreturn)); void use(unsigned long *t, unsigned long n);
       void f(unsigned long n) { ${check} ${declaration} use(t, n); }`;
    const compile = (file: string) =>
      installed.run('riscv64-unknown-elf-gcc', `@${join(sdk, 'c/guest.flags')}`, '-c', file, '-o', 'f.o');
    installed.write('unbounded.c', guest(''));
    installed.write('bounded.c', guest('if (n > 1000) abort();'));
    await expect(compile('unbounded.c')).rejects.toThrow('unbounded use of');
    await expect(compile('bounded.c')).resolves.toEqual(expect.any(String));
  });
});
