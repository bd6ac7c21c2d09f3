// The command line and the servers as others get them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OLDEST_MAJOR } from '../../bin/launch.js';
import { olderNodes } from '../support/host-nodes.js';
import { cleanUp } from '../support/program.js';
import { Installed, measured } from './installed.js';

interface Manifest {
  readonly engines: { readonly node: string };
  readonly version: string;
}

let installed: Installed;
let folder: string;

const command = (name: string, ...args: readonly string[]) =>
  installed.run(process.execPath, join(folder, 'bin', `${name}.js`), ...args);

beforeAll(async () => {
  installed = await Installed.of('proofloom');
  folder = join(installed.modules, 'proofloom');
});

afterAll(cleanUp);

describe('proofloom', () => {
  it('takes at most 125 MB with all it brings along, which is no Node and no second build', () => {
    expect(measured('proofloom, installed', installed.bytes, 125)).toBeLessThanOrEqual(125);
    expect(installed.packages.filter((name) => /^node-(linux|darwin|win)/.test(name))).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.startsWith('dist'))).toEqual(['dist']);
  });

  it('says which Node it needs, in its manifest and where that is not there', async () => {
    const { engines } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    expect(engines).toEqual({ node: `>=${OLDEST_MAJOR}` });
    for (const { path, version } of olderNodes(20)) {
      const started = installed.run(path, join(folder, 'bin/proofloom.js'), '--version');
      await expect(started).rejects.toThrow(`This program needs Node ${OLDEST_MAJOR} and runs under ${version}`);
    }
  });

  it('has its three commands under their names', async () => {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    expect(readdirSync(join(installed.modules, '.bin'))).toEqual(
      expect.arrayContaining(['coordinator', 'proofloom', 'prover']),
    );
    await expect(command('proofloom', '--version')).resolves.toContain(`proofloom ${version}\n`);
    await expect(command('proofloom', 'coordinator', '--help')).resolves.toContain('--http-port');
    await expect(command('coordinator', '--help')).resolves.toContain('--http-port');
    await expect(command('prover', '--help')).resolves.toContain('--compute-units');
  });

  it('says what to install for certificates, which it comes without', async () => {
    await expect(command('proofloom', 'certs', join(folder, 'certs'))).rejects.toThrow('npm install @peculiar/x509');
  });

  it('runs a guest, and imports of its older names for the client work', async () => {
    const guest = join(folder, 'guests/elf/fibonacci.elf');
    expect(JSON.parse(await command('proofloom', 'execute', guest, '--json'))).toMatchObject({ exitCode: 0 });
    const line = `import { ProofloomClient } from 'proofloom/client'; import { proofs } from 'proofloom/grpc';
      console.log(typeof ProofloomClient, proofs.ProofsClient.serviceName);`;
    const printed = await installed.run(process.execPath, '--input-type=module', '-e', line);
    expect(printed).toBe('function proofloom.v1.Proofs\n');
  });
});
