// Nothing but Node is needed to build and run: no Rust, no protoc, no plugins.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cleanUp, ROOT, scratchFolder } from '../support/program.js';

const run = promisify(execFile);
const SOURCES = ['src', 'scripts', 'proto', 'bin', 'package.json', 'nest-cli.json', '.swcrc'];
const PROJECTS = ['tsconfig.json', 'tsconfig.coordinator.json', 'tsconfig.prover.json', 'tsconfig.client.json'];

afterAll(cleanUp);

describe('a checkout', () => {
  it('is built with nothing on the path but Node and sh', async () => {
    const checkout = scratchFolder();
    for (const name of [...SOURCES, ...PROJECTS]) cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
    const path = join(checkout, 'path');
    mkdirSync(path);
    symlinkSync(process.execPath, join(path, 'node'));
    symlinkSync('/bin/sh', join(path, 'sh'));
    symlinkSync('/usr/bin/env', join(path, 'env'));
    await run(process.execPath, ['scripts/build.mjs'], { cwd: checkout, env: { PATH: path } });
    const built = ['dist-coordinator/coordinator/main.js', 'dist-prover/prover/main.js', 'dist/cli/main.js'];
    expect(built.filter((file) => existsSync(join(checkout, file)))).toEqual(built);
  });
});
