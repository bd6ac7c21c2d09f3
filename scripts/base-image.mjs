// A base image with Node and npm, made from Debian's packages and this machine's Node: for engines that cannot pull.
import { spawn } from 'node:child_process';
import { cp, mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { answers, mustRun } from './processes.mjs';
import { UnavailableError } from './unavailable.mjs';

const NAME = 'proofloom-test/node:24';
const PULLED = 'node:24-bookworm-slim';
/** Certificates that this machine trusts besides the usual ones, where its Node is told of any. */
const CERTIFICATES = '/etc/ssl/certs/of-this-machine.crt';
const NODE_MODULES = 'usr/local/lib/node_modules';

/** Name of a base image that the engine has afterwards. */
export async function importBaseImage(folder, env) {
  if (process.env.BASE_IMAGE) return process.env.BASE_IMAGE;
  const all = { ...process.env, ...env };
  if (answers('docker', ['pull', '-q', PULLED], all)) return PULLED;
  const root = join(folder, 'rootfs');
  await debian(root);
  await addNode(root);
  const changes = await addCertificates(root);
  await importTree(root, [...changes, '-', NAME], all);
  await rm(root, { recursive: true, force: true });
  return NAME;
}

async function debian(root) {
  const args = ['--variant=minbase', '--include=ca-certificates', 'bookworm', root];
  await mustRun('debootstrap', args, { stdio: ['ignore', 'ignore', 'inherit'] }).catch((error) => {
    throw new UnavailableError(`no base image can be pulled, and none can be made: ${error.message}`);
  });
}

async function addNode(root) {
  await mkdir(join(root, NODE_MODULES), { recursive: true });
  await cp(await realpath(process.execPath), join(root, 'usr/local/bin/node'));
  await cp(await npmFolder(), join(root, NODE_MODULES, 'npm'), { recursive: true });
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
}

/** The npm that runs this script, or the one beside Node. */
async function npmFolder() {
  const entry =
    process.env.npm_execpath ?? createRequire(process.execPath).resolve('../lib/node_modules/npm/bin/npm-cli.js');
  return dirname(dirname(await realpath(entry)));
}

async function addCertificates(root) {
  const own = process.env.NODE_EXTRA_CA_CERTS;
  if (!own) return [];
  await writeFile(join(root, CERTIFICATES), '');
  await cp(await realpath(own), join(root, CERTIFICATES));
  return ['--change', `ENV NODE_EXTRA_CA_CERTS=${CERTIFICATES}`];
}

async function importTree(root, args, env) {
  const tar = spawn('tar', ['-C', root, '--exclude=./var/cache/apt', '--exclude=./usr/partition/doc', '-c', '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const docker = spawn('docker', ['import', ...args], { stdio: [tar.stdout, 'ignore', 'inherit'], env });
  const [[packed], [imported]] = await Promise.all([once(tar, 'exit'), once(docker, 'exit')]);
  const failure = `the base image cannot be imported (tar ${packed}, docker ${imported})`;
  if (packed !== 0 || imported !== 0) throw new Error(failure);
}
