// Builds beside what is there and puts it in its place when it is whole: programs that run keep their files, and a
// build of the same sources is not made again (npx asks for one at its first start in a checkout).
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** What a build makes. */
export const FOLDERS = ['dist', 'packages/client/dist', 'packages/kernel/dist', 'packages/verifier/dist'];
/** What the compilers read, besides `src`. */
const CONFIGURATION = /^(nest-cli\.json|\.swcrc|tsconfig.*\.json|package\.json)$/;
/** What a build depends on besides: how it is made, by which versions of the compilers, and what it takes along. */
const MAKERS = [
  'scripts/build.mjs',
  'scripts/build-aside.mjs',
  'package-lock.json',
  'kernel/dist/proofloom_kernel.wasm',
];
const STAMP = '.sources';

async function configuration(root) {
  const packages = await readdir(join(root, 'packages'), { recursive: true, withFileTypes: true }).catch(() => []);
  const theirs = packages.filter(({ name }) => name === 'tsconfig.json').map((file) => pathOf(root, file));
  return [...(await readdir(root)).filter((name) => CONFIGURATION.test(name)), ...theirs];
}

function pathOf(root, { parentPath, path, name }) {
  return relative(root, join(parentPath ?? path, name)).replaceAll('\\', '/');
}

async function sources(root) {
  const entries = await readdir(join(root, 'src'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'));
  return files.map((file) => pathOf(root, file));
}

/** Digest of the names and contents of everything that a build is made from. */
export async function sourceDigest(root) {
  const names = [...(await sources(root)), ...(await configuration(root)), ...MAKERS];
  const hash = createHash('sha256');
  for (const name of names.sort()) {
    // A package without a lockfile is built all the same.
    const content = await readFile(join(root, name)).catch(() => '');
    hash.update(`${name} ${createHash('sha256').update(content).digest('hex')}\n`);
  }
  return hash.digest('hex');
}

async function isBuiltFrom(root, digest) {
  const stamps = FOLDERS.map((folder) => readFile(join(root, folder, STAMP), 'utf8').catch(() => undefined));
  return (await Promise.all(stamps)).every((stamp) => stamp === digest);
}

async function stage(root) {
  try {
    return await mkdtemp(join(root, '.build-'));
  } catch (error) {
    const cause = `the build is missing or is not of these sources, and ${root} cannot be written (${error.code})`;
    throw new Error(`${cause}: run npm run build in a copy that can be written`, { cause: error });
  }
}

/** Puts a folder in the place of another, which goes to `aside`. A second build may do the same at the same time. */
async function replace(folder, fresh, aside) {
  await mkdir(dirname(folder), { recursive: true });
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await rename(fresh, folder);
    } catch (error) {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      await rename(folder, `${aside}-${attempt}`).catch((gone) => {
        if (gone.code !== 'ENOENT') throw gone;
      });
    }
  }
}

async function copySources(root, to) {
  for (const name of ['src', ...(await configuration(root))]) {
    await cp(join(root, name), join(to, name), { recursive: true });
  }
}

/**
 * Makes the built folders of the package at `root` those of its sources.
 * @param compile fills the built folders of a copy of the sources, below `root`
 * @returns whether there was anything to do
 */
export async function buildAside(root, compile) {
  const digest = await sourceDigest(root);
  if (await isBuiltFrom(root, digest)) return false;
  const copy = await stage(root);
  try {
    await copySources(root, copy);
    await compile(copy);
    for (const folder of FOLDERS) await writeFile(join(copy, folder, STAMP), digest);
    for (const folder of FOLDERS) {
      await replace(join(root, folder), join(copy, folder), join(copy, `old-${folder.replaceAll('/', '-')}`));
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
  return true;
}
