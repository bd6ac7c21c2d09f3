// Starts a built program under a Node that is new enough: this one, or the one that the package brings along.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What the programs need. */
export const OLDEST_MAJOR = 24;
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const SIGNAL_EXIT_BASE = 128;
const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function bundledNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`);
    return join(dirname(manifest), 'bin', 'node');
  } catch {
    return fail(`This program needs Node ${OLDEST_MAJOR} and runs under ${process.version}: install a newer Node.`);
  }
}

/**
 * Runs the program as a child that goes with this process: the channel closes however this one ends.
 * @param {string} node the executable
 * @param {string} entry the program
 */
export function runUnder(node, entry) {
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  const child = spawn(node, [entry, ...process.argv.slice(2)], { stdio });
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${node} cannot be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? SIGNAL_EXIT_BASE + (SIGNAL_NUMBERS[signal] ?? 0)));
}

/** @param {string} path the program's entry, below the package's folder */
export async function launch(path) {
  const entry = join(dirname(fileURLToPath(import.meta.url)), '..', path);
  if (!existsSync(entry)) fail(`${path} is not built: run npm run build`);
  if (Number.parseInt(process.versions.node, 10) >= OLDEST_MAJOR) await import(pathToFileURL(entry).href);
  else runUnder(bundledNode(), entry);
}
