import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { brokenLinks, headingAnchors, misnamedLinks, missingPaths } from '../support/markdown.js';
import { ROOT } from '../support/program.js';

/** Every page of the repository that people read, relative to its root. */
const PAGES = globSync('{*.md,docs/**/*.md,guests/*.md,kernel/*.md}', { cwd: ROOT })
  .map((path) => normalize(path))
  .sort();

const page = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** A path in the text is the repository's, or one beside the page. */
const isThere = (from: string, path: string): boolean =>
  [ROOT, join(ROOT, dirname(from))].some((base) => existsSync(join(base, path)));

function resolves(from: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? from : relative(ROOT, join(ROOT, dirname(from), decodeURI(path)));
  if (file.startsWith('..') || !existsSync(join(ROOT, file))) return false;
  if (anchor === undefined) return true;
  return statSync(join(ROOT, file)).isFile() && headingAnchors(page(file)).includes(anchor);
}

describe('pages', () => {
  it('are found', () => {
    const names = ['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/adr/README.md', 'guests/README.md'];
    expect(PAGES).toEqual(expect.arrayContaining(names));
  });

  it.each(PAGES)('%s has no link that leads nowhere', (path) => {
    expect(brokenLinks(page(path), (target) => resolves(path, target))).toEqual([]);
  });

  it.each(PAGES)('%s calls each file that it links to by its name', (path) => {
    expect(misnamedLinks(page(path))).toEqual([]);
  });

  it.each(PAGES.filter((path) => basename(path) !== 'CHANGELOG.md'))('%s names no path that is not there', (path) => {
    expect(missingPaths(page(path), (named) => isThere(path, named))).toEqual([]);
  });
});

describe('the check of links', () => {
  const none = () => false;

  it('sees links in the text, not in code', () => {
    expect(brokenLinks('[a](b.md) `[c](d.md)`\n```\n[e](f.md)\n```\n![g](h.png)', none)).toEqual(['b.md', 'h.png']);
  });

  it('sees a file that is called by another name', () => {
    const page = '[`a.ts`](../src/b.ts) [`c.ts`](../src/c.ts#L1) [`d.ts` and more](e.ts)';
    expect(misnamedLinks(page)).toEqual(['[`a.ts`](../src/b.ts)']);
  });

  it('leaves addresses elsewhere alone', () => {
    expect(brokenLinks('[a](https://example.org) [b](mailto:x@y.z)', none)).toEqual([]);
  });

  it('knows headings by the anchors that the hosting platform gives them', () => {
    expect(headingAnchors('# The `a` & b\n\n## Twice\n\n## Twice\n')).toEqual(['the-a--b', 'twice', 'twice-1']);
  });

  it('sees paths of the repository in code spans', () => {
    const text = '`src/a.ts` `docs/b.md` `npm run x` `src/*/c.ts` `a/b` `test/NAME.S` `kernel/vm/src`';
    expect(missingPaths(text, none)).toEqual(['src/a.ts', 'docs/b.md', 'kernel/vm/src']);
  });
});
