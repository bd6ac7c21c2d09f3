import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEvidence, type Evidence } from '../../scripts/evidence.mjs';
import { ROOT } from '../support/program.js';

const rows = readEvidence(readFileSync(join(ROOT, 'docs/guarantees.md'), 'utf8'));

/** Whether the file has a test of that name, as it stands in its source (`%s` where it is filled in). */
function exists({ file, name }: Evidence['tests'][number]): boolean {
  const path = join(ROOT, file);
  return existsSync(path) && readFileSync(path, 'utf8').replaceAll("\\'", "'").includes(name);
}

describe('docs/guarantees.md', () => {
  it('states every promise and failure with the test that shows it', () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter(({ tests }) => tests.length === 0)).toEqual([]);
  });

  it('names tests that are there', () => {
    expect(rows.flatMap(({ tests }) => tests).filter((test) => !exists(test))).toEqual([]);
  });
});
