import { exists, tableRows, testsOfRow } from '../support/documented-tests.js';

const rows = tableRows('docs/guarantees.md');

describe('docs/guarantees.md', () => {
  it('states every promise and failure with the test that shows it', () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter((row) => testsOfRow(row).length === 0)).toEqual([]);
  });

  it('names tests that are there', () => {
    expect(rows.flatMap(testsOfRow).filter((test) => !exists(test))).toEqual([]);
  });
});
