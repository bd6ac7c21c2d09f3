import { mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildAside, FOLDERS, sourceDigest } from '../../scripts/build-aside.mjs';
import { cleanUp, scratchFolder } from '../support/program.js';

afterAll(cleanUp);

/** A package of one source file. */
function checkout(): { root: string; source: string } {
  const root = scratchFolder();
  mkdirSync(join(root, 'src', 'a'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{}');
  const source = join(root, 'src', 'a', 'main.ts');
  writeFileSync(source, 'first');
  return { root, source };
}

/** Takes the source over into every built folder. */
async function copyMain(copy: string): Promise<void> {
  for (const folder of FOLDERS) {
    mkdirSync(join(copy, folder), { recursive: true });
    writeFileSync(join(copy, folder, 'main.js'), readFileSync(join(copy, 'src', 'a', 'main.ts')));
  }
}

const builtFiles = (folder: string) => [`${folder}/.sources`, `${folder}/main.js`];

function filesBelow(root: string): string[] {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => relative(root, join(parentPath, name))).toSorted();
}

const never = () => Promise.reject(new Error('compiled again'));

const built = (root: string) => FOLDERS.map((folder) => readFileSync(join(root, folder, 'main.js'), 'utf8'));

describe('a build', () => {
  it('[case: first-start] is not made again for the same sources, and leaves nothing but its folders', async () => {
    const { root, source } = checkout();
    await expect(buildAside(root, copyMain)).resolves.toBe(true);
    expect(built(root)).toEqual(FOLDERS.map(() => 'first'));
    utimesSync(source, 1, 1);
    await expect(buildAside(root, never)).resolves.toBe(false);
    expect(filesBelow(root)).toEqual([...FOLDERS.flatMap(builtFiles), 'package.json', 'src/a/main.ts'].toSorted());
  });

  it('takes the place of the last one when it is whole', async () => {
    const { root, source } = checkout();
    await buildAside(root, copyMain);
    writeFileSync(source, 'second');
    const broken = buildAside(root, async (copy) => {
      expect(built(root)).toEqual(FOLDERS.map(() => 'first'));
      await copyMain(copy);
      throw new Error('a type is wrong');
    });
    await expect(broken).rejects.toThrow('a type is wrong');
    expect(built(root)).toEqual(FOLDERS.map(() => 'first'));
    await expect(buildAside(root, copyMain)).resolves.toBe(true);
    expect(built(root)).toEqual(FOLDERS.map(() => 'second'));
    expect(filesBelow(root)).toEqual([...FOLDERS.flatMap(builtFiles), 'package.json', 'src/a/main.ts'].toSorted());
  });

  it('is made again where another tool has replaced a part of it', async () => {
    const { root } = checkout();
    await buildAside(root, copyMain);
    rmSync(join(root, 'dist'), { recursive: true });
    mkdirSync(join(root, 'dist'));
    await expect(buildAside(root, copyMain)).resolves.toBe(true);
  });

  it('is of the names and contents of its sources, not of their tests', async () => {
    const { root, source } = checkout();
    const first = await sourceDigest(root);
    writeFileSync(join(root, 'src', 'a', 'main.spec.ts'), 'a test');
    await expect(sourceDigest(root)).resolves.toBe(first);
    for (const name of ['src/b.ts', 'tsconfig.json', 'package-lock.json', '.swcrc']) {
      const before = await sourceDigest(root);
      writeFileSync(join(root, name), '{}');
      expect(await sourceDigest(root)).not.toBe(before);
    }
    const before = await sourceDigest(root);
    writeFileSync(source, 'second');
    expect(await sourceDigest(root)).not.toBe(before);
  });
});
