// `npm run pack -- FOLDER`: writes the tarball of every published package into FOLDER. What a package takes along is
// staged first: licences, and for `proofloom` the manifest of an application in place of that of the checkout.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { OLDEST_MAJOR } from '../bin/launch.js';
import { ROOT } from './processes.mjs';

const exec = promisify(execFile);
const LICENCES = ['LICENSE-APACHE', 'LICENSE-MIT'];
/** Maps name sources that are not there; stamps are of this machine's builds. */
const LEFT_OUT = /\.map$|\.sources$|node_modules/;

/**
 * Name of each published package, and the folder that has its manifest.
 * @type {Readonly<Record<string, string>>}
 */
export const PUBLISHED = {
  '@proofloom/client': 'packages/client',
  '@proofloom/guest-sdk': 'guests/sdk',
  '@proofloom/kernel': 'packages/kernel',
  '@proofloom/verifier': 'packages/verifier',
  proofloom: '.',
};

/** For one command, and six megabytes with what it needs: whoever uses the command installs it. */
const ON_DEMAND = '@peculiar/x509';

/** What an installed application needs of the checkout's manifest. The checkout brings its own Node, and may be older. */
function applicationManifest({ name, version, description, license, type, bin, files, exports, dependencies: all }) {
  const engines = { node: `>=${OLDEST_MAJOR}` };
  const { [ON_DEMAND]: onDemand, ...dependencies } = all;
  const peerDependencies = { [ON_DEMAND]: onDemand };
  const peerDependenciesMeta = { [ON_DEMAND]: { optional: true } };
  const needed = { dependencies, peerDependencies, peerDependenciesMeta };
  return { name, version, description, license, type, engines, bin, files, exports, ...needed };
}

async function manifestOf(folder) {
  const manifest = JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8'));
  return folder === '.' ? applicationManifest(manifest) : manifest;
}

async function stage(folder, to) {
  const manifest = await manifestOf(folder);
  const files = ['README.md', ...manifest.files].filter((name) => !name.startsWith('!') && !LICENCES.includes(name));
  for (const name of files) {
    const filter = (path) => !LEFT_OUT.test(path.slice(ROOT.length));
    await cp(join(ROOT, folder, name), join(to, name), { recursive: true, filter });
  }
  for (const name of LICENCES) await cp(join(ROOT, name), join(to, name));
  await writeFile(join(to, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/**
 * Packs one package and returns the path of its tarball. Nothing is built.
 * @param {string} name of PUBLISHED
 * @param {string} out an existing folder
 * @returns {Promise<string>}
 */
export async function pack(name, out) {
  const staged = await mkdtemp(join(tmpdir(), 'proofloom-pack-'));
  try {
    await stage(PUBLISHED[name], staged);
    const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', out];
    const { stdout } = await exec('npm', args, { cwd: staged });
    return join(out, stdout.trim().split('\n').at(-1));
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

async function packAll(folder) {
  if (folder === undefined) throw new Error('say where the tarballs go: npm run pack -- FOLDER');
  const out = resolve(folder);
  await mkdir(out, { recursive: true });
  for (const name of Object.keys(PUBLISHED)) console.log(await pack(name, out));
}

if (import.meta.filename === process.argv[1]) {
  try {
    await packAll(process.argv[2]);
  } catch (error) {
    console.error(`pack: ${error.message}`);
    process.exitCode = 1;
  }
}
