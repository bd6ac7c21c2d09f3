import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { ROOT } from '../support/program.js';

const run = promisify(execFile);
const FOLDER = join(ROOT, 'docker');
const DEADLINE_MS = 900_000;

/** The ways of calling compose that this machine has, `docker-compose` first; scripts/test-docker.mjs finds them. */
export const COMMANDS = (process.env['PROOFLOOM_COMPOSE'] ?? 'docker-compose').split(',');

/** Lines of docs/docker.md as printed there: they are what is run here. */
export const DOCUMENTED = readFileSync(join(ROOT, 'docs/docker.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('docker-compose '));

/** Runs a line in docker/ and returns what it printed. */
export async function shell(line: string): Promise<string> {
  const { stdout } = await run('sh', ['-c', line], { cwd: FOLDER, timeout: DEADLINE_MS, maxBuffer: 2 ** 26 });
  return stdout;
}

/** A documented line, called through one of the commands. */
export function compose(command: string, line: string): Promise<string> {
  if (!DOCUMENTED.includes(line)) throw new Error(`docs/docker.md does not have the line ${line}`);
  return shell(line.replace('docker-compose', command));
}

/** Follows a log by a documented line until a line of it matches, then stops following. */
export async function follow(command: string, line: string, matches: RegExp): Promise<string> {
  if (!DOCUMENTED.includes(line)) throw new Error(`docs/docker.md does not have the line ${line}`);
  const child = spawn('sh', ['-c', `exec ${line.replace('docker-compose', command)}`], {
    cwd: FOLDER,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  try {
    for await (const text of createInterface(child.stdout)) if (matches.test(text)) return text;
    throw new Error(`${line} ended before a line matched ${String(matches)}`);
  } finally {
    clearTimeout(timer);
    child.kill('SIGINT');
  }
}

/** What docker tells about things, one line each. */
export async function docker(args: string): Promise<string[]> {
  return (await shell(`docker ${args}`)).split('\n').filter((line) => line !== '');
}
