// Builds everything that runs into `dist/`: command line, client, worker threads and both servers. `nest start` builds
// for itself, a folder for each application: two at once on one folder would delete each other's files.
import { spawn } from 'node:child_process';
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
  const steps = [
    ['swc', swcArgs],
    // Types for applications that import `proofloom/client` or `proofloom/grpc`.
    ['tsc', ['--project', 'tsconfig.client.json']],
  ];
  await Promise.all(steps.map(([name, args]) => run(copy, name, args)));
}

try {
  await buildAside(root, compile);
} catch (error) {
  console.error(`build: ${error.message}`);
  process.exitCode = 1;
}
