// Starting other programs from scripts.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');

/** Runs a program to its end, its output shown, and returns its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** Runs a program to its end. @throws Error where it fails */
export async function mustRun(command, args, options = {}) {
  const code = await run(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with exit code ${code}`);
}

/** Whether a program can be started and says that it is well. */
export function answers(command, args, env = process.env) {
  return spawnSync(command, args, { stdio: 'ignore', env }).status === 0;
}

/** Runs the specifications of one heavy project; further arguments go to jest. */
export function runJest(project, args, env) {
  const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const config = ['--config', 'jest.heavy.config.mjs', '--selectProjects', project, '--runInBand'];
  return run(process.execPath, [...flags, jest, ...config, ...args], { cwd: ROOT, env: { ...process.env, ...env } });
}
