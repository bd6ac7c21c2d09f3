// A container engine for tests: the one that runs, or one of its own that is gone without a trace afterwards.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { importBaseImage } from './base-image.mjs';
import { answers, mustRun } from './processes.mjs';
import { installPackages, UnavailableError } from './unavailable.mjs';

const PACKAGES = ['docker.io', 'docker-compose', 'debootstrap', 'ca-certificates'];
const START_MS = 60_000;
const POLL_MS = 250;
/** A daemon that changes nothing on the machine but the folders it is given: no bridge, no packet filter rules. */
const TRACELESS = ['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false'];

/**
 * @typedef {object} Engine
 * @property {Record<string, string>} env how docker and docker-compose find it, and what images are built from
 * @property {boolean} isOwn whether it was started here: its images are built with the network of the machine
 * @property {() => Promise<void>} release
 */

/**
 * @param {boolean} mayInstall whether missing packages may be installed on this machine
 * @returns {Promise<Engine>}
 * @throws UnavailableError
 */
export async function findEngine(mayInstall) {
  if (answers('docker', ['info'])) return { env: {}, isOwn: false, release: async () => undefined };
  if (mayInstall && !hasPrograms()) await installPackages('a container engine', PACKAGES);
  if (!hasPrograms()) {
    throw new UnavailableError(
      'no container engine answers, and dockerd and debootstrap to bring one up are not installed; ' +
        'start one, or allow the installation of packages with --install',
    );
  }
  if (process.getuid?.() !== 0) throw new UnavailableError('no container engine answers, and only root can start one');
  return startEngine();
}

function hasPrograms() {
  return [
    ['dockerd', ['--version']],
    ['debootstrap', ['--version']],
  ].every(([command, args]) => answers(command, args));
}

/** Starts a daemon on a socket and folders of its own, with a base image, as nothing can be pulled everywhere. */
async function startEngine() {
  const folder = await mkdtemp(join(tmpdir(), 'proofloom-engine-'));
  const env = { DOCKER_HOST: `unix://${join(folder, 'docker.sock')}`, DOCKER_CONFIG: join(folder, 'config') };
  const daemon = startDaemon(folder, env.DOCKER_HOST);
  const release = async () => {
    await stopDaemon(daemon);
    await detachNetwork(folder);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilItAnswers(daemon, env, folder);
    return { env: { ...env, BASE_IMAGE: await importBaseImage(folder, env) }, isOwn: true, release };
  } catch (error) {
    await release();
    throw error;
  }
}

function startDaemon(folder, host) {
  const folders = { 'data-root': 'data', 'exec-root': 'exec', pidfile: 'pid' };
  const args = Object.entries(folders).flatMap(([flag, name]) => [`--${flag}`, join(folder, name)]);
  const log = openSync(join(folder, 'log'), 'a');
  const daemon = spawn('dockerd', ['-H', host, ...args, ...TRACELESS], { stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  return daemon;
}

async function untilItAnswers(daemon, env, folder) {
  const deadline = AbortSignal.timeout(START_MS);
  while (!answers('docker', ['info'], { ...process.env, ...env })) {
    if (daemon.exitCode !== null || deadline.aborted) {
      const log = join(folder, 'log');
      const last = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').at(-1) : '';
      throw new UnavailableError(`a container engine does not start on this machine: ${last}`);
    }
    await sleep(POLL_MS);
  }
}

/** It stops its containers, and its own containerd, by itself. */
async function stopDaemon(daemon) {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const over = once(daemon, 'exit');
  daemon.kill('SIGTERM');
  await over;
}

/** The namespace of containers that use the machine's network stays mounted after the daemon's end. */
async function detachNetwork(folder) {
  const namespace = join(folder, 'exec', 'netns', 'default');
  if (existsSync(namespace)) await mustRun('umount', [namespace]);
}
