import { globSync, readFileSync } from 'node:fs';
import { CASES } from './cases.js';

/** The ids in the titles of the tests of the project `unit`. */
function testedCases(): Set<string> {
  const specs = globSync(['src/**/*.spec.ts', 'test/**/*.spec.ts']).filter(
    (file) => !/^test\/(e2e|docker|faults|python-worker|go)\//.test(file),
  );
  const titles = /(?:it|test)(?:\.each(?:<[^>]*>)?\([^]*?\))?\(\s*['"`]\[case: ([a-z0-9-]+)\]/g;
  return new Set(
    specs.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(titles)].map((found) => found[1] ?? '')),
  );
}

describe('the cases', () => {
  it('have a test each', () => {
    const tested = testedCases();
    const missing = Object.keys(CASES).filter((id) => !tested.has(id));
    expect(missing).toEqual([]);
  });

  it('are all the ones that tests name', () => {
    expect([...testedCases()].filter((id) => !(id in CASES))).toEqual([]);
  });
});
