// docs/seed-map.md as data: what the published documents name, what stands for it here, and the tests that show it.

/** Header of the last column of the tables that count. */
const SHOWN_BY = 'shown by';
const CELLS = /(?<!\\)\|/;

/**
 * @typedef {object} Mapping
 * @property {string} section heading above the table
 * @property {string} named what the document names
 * @property {string} ours
 * @property {{file: string, name: string}[]} tests specification and part of the test's full name
 */

/** @returns {Mapping[]} in the page's order */
export function readSeedMap(page) {
  const mappings = [];
  let section = '';
  let counts = false;
  for (const line of page.split('\n')) {
    if (line.startsWith('#')) section = line.replace(/^#+ /, '');
    if (!line.startsWith('|')) counts = false;
    else if (isHeader(line)) counts = true;
    else if (counts && !/^\|[ |:-]+\|$/.test(line)) mappings.push(toMapping(section, cellsOf(line)));
  }
  return mappings;
}

function isHeader(line) {
  return cellsOf(line).at(-1) === SHOWN_BY;
}

function cellsOf(line) {
  return line
    .split(CELLS)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function toMapping(section, [named = '', ours = '', shownBy = '']) {
  const tests = [...shownBy.matchAll(/`([^`]+\.spec\.ts)`: (.+?)(?=<br>|$)/g)];
  return { section, named, ours, tests: tests.map(([, file, name]) => ({ file, name: name.trim() })) };
}
