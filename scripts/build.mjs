// Builds everything that runs into `dist` (command line, client, worker threads and both servers), and the packages for
// applications into folders of their own. `nest start` builds for itself, a folder for each server: two at once on one
// folder would delete each other's files.
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { buildAside } from './build-aside.mjs';

const root = join(import.meta.dirname, '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);

function run(cwd, name, args) {
  return new Promise((resolve, reject) => {
    const output = [];
    const child = spawn(bin(name), args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve();
      process.stderr.write(Buffer.concat(output));
      reject(new Error(`${name} ${args.join(' ')} ended with exit code ${code}`));
    });
  });
}

const swcArgs = ['src', '-d', 'dist', '--strip-leading-paths', '--ignore', '**/*.spec.ts', '--config-file', '.swcrc'];

async function compile(copy) {
  // `npm run types` checks them; here they are only translated.
  const packages = PACKAGES.map((name) => ['tsc', ['--noCheck', '--project', join('packages', name)]]);
  await Promise.all([['swc', swcArgs], ...packages].map(([name, args]) => run(copy, name, args)));
  // Types for applications that import `proofloom/client` or `proofloom/grpc`.
  await cp(join(copy, 'packages/client/dist'), join(copy, 'dist'), { recursive: true, filter: isFolderOrTypes });
  for (const name of WITH_KERNEL) {
    await cp(join(root, KERNEL), join(copy, 'packages', name, 'dist', KERNEL), { recursive: true });
  }
}

/** Packages for applications, each with a folder of its own in `packages`. */
const PACKAGES = ['client', 'kernel', 'verifier'];
const WITH_KERNEL = ['kernel', 'verifier'];
const KERNEL = 'kernel/dist/proofloom_kernel.wasm';

function isFolderOrTypes(path) {
  return path.endsWith('.d.ts') || statSync(path).isDirectory();
}

try {
  await buildAside(root, compile);
} catch (error) {
  console.error(`build: ${error.message}`);
  process.exitCode = 1;
}
