// `npm run types`: checks the types of everything, and those of each package against the library of the oldest Node that
// it admits. Only what changed since the last time is checked again.
import { join } from 'node:path';
import { ROOT, run } from './processes.mjs';

const PROJECTS = ['.', 'packages/client', 'packages/kernel', 'packages/verifier'];
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

for (const project of PROJECTS) {
  const memory = `node_modules/.cache/types-${project.replaceAll(/\W/g, '-')}.tsbuildinfo`;
  const args = ['--noEmit', '--incremental', '--tsBuildInfoFile', memory, '--project', project];
  const code = await run(process.execPath, [TSC, ...args], { cwd: ROOT });
  if (code !== 0) process.exitCode = code;
}
