// Pages that name the tests which show what they say, as data: docs/seed-map.md, docs/guarantees.md.

/** Header of the last column of the tables that count. */
const SHOWN_BY = 'shown by';
const CELLS = /(?<!\\)\|/;

/**
 * @typedef {object} Evidence
 * @property {string} section heading above the table
 * @property {string} named first cell: what is to be shown
 * @property {string} ours second cell: what stands for it, or what it means
 * @property {{file: string, name: string}[]} tests specification and part of the test's full name
 */

/** @returns {Evidence[]} in the page's order */
export function readEvidence(page) {
  const rows = [];
  let section = '';
  let counts = false;
  for (const line of page.split('\n')) {
    if (line.startsWith('#')) section = line.replace(/^#+ /, '');
    if (!line.startsWith('|')) counts = false;
    else if (isHeader(line)) counts = true;
    else if (counts && !/^\|[ |:-]+\|$/.test(line)) rows.push(toEvidence(section, cellsOf(line)));
  }
  return rows;
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

function toEvidence(section, [named = '', ours = '', shownBy = '']) {
  const tests = [...shownBy.matchAll(/`([^`]+\.spec\.ts)`: (.+?)(?=<br>|$)/g)];
  return { section, named, ours, tests: tests.map(([, file, name]) => ({ file, name: name.trim() })) };
}
