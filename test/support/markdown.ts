const FENCED = /^( *)(```|~~~)[\s\S]*?^\1\2 *$/gm;
const CODE_SPAN = /`([^`\n]+)`/g;
const LINK = /\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g;
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i;
/** What a path of this repository begins with. */
const REPOSITORY_PATH = /^(?:\.\/)?(?:src|test|docs|kernel|guests|proto|scripts|docker|bin|\.ci|\.github)\/[\w./-]+$/;
/** Made by a build, so not there in a fresh clone; or a part that stands for any name. */
const MADE = /(?:^|\/)target\/|\/(?:elf|dist)\/.*\.tmp$|NAME|NNNN/;

/** Targets of the page's links for which `resolves` says no; addresses elsewhere are not asked. */
export function brokenLinks(page: string, resolves: (target: string) => boolean): string[] {
  const text = page.replace(FENCED, '').replace(CODE_SPAN, '');
  const targets = [...text.matchAll(LINK)].map(([, target = '']) => target);
  return targets.filter((target) => !ELSEWHERE.test(target) && !resolves(target));
}

/** Links that are called as one file and lead to another. */
export function misnamedLinks(page: string): string[] {
  const links = page.replace(FENCED, '').matchAll(/\[`([\w.-]+\.[a-z]+)`\]\(([^)#\s]+)[^)]*\)/g);
  return [...links].flatMap(([link, name, target = '']) => (target.split('/').at(-1) === name ? [] : [link]));
}

/** Paths of the repository in the page's code spans for which `isThere` says no. */
export function missingPaths(page: string, isThere: (path: string) => boolean): string[] {
  const spans = [...page.replace(FENCED, '').matchAll(CODE_SPAN)].map(([, span = '']) => span);
  const paths = spans.filter((span) => REPOSITORY_PATH.test(span) && !MADE.test(span));
  return paths.filter((path) => !isThere(path));
}

/** The anchors that the hosting platform gives to the page's headings, in order. */
export function headingAnchors(page: string): string[] {
  const seen = new Map<string, number>();
  return [...page.replace(FENCED, '').matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading = '']) => {
    const anchor = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
}

/** The cells of the first table below a heading, row by row, without its head; code marks are taken off. */
export function tableBelow(page: string, heading: string): string[][] {
  const [table] = tablesBelow(page, heading);
  if (!table) throw new Error(`there is no table below ${heading}`);
  return table;
}

/** All tables of the section with that heading. */
export function tablesBelow(page: string, heading: string): string[][][] {
  const section = page.split(/^(?=#+ )/m).find((part) => part.split('\n')[0]?.replace(/^#+ /, '') === heading);
  if (section === undefined) throw new Error(`there is no heading ${heading}`);
  const tables = section.match(/(?:^\|.*\n?)+/gm) ?? [];
  return tables.map((table) => table.trim().split('\n').slice(2).map(cellsOf));
}

function cellsOf(row: string): string[] {
  const cells = row.slice(1, row.lastIndexOf('|')).split(/(?<!\\)\|/);
  return cells.map((cell) => cell.trim().replace(/^`(.*)`$/, '$1'));
}
