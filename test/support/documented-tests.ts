import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './program.js';

/** A test that a document names as evidence. */
export interface DocumentedTest {
  readonly file: string;
  readonly title: string;
}

const NAMED = /`(?<file>test\/[\w./-]+\.spec\.ts)`: (?<title>.+?)(?=; `test\/| \|$)/g;

/** The tests named in a row of a Markdown table as `` `file`: title; `file`: title ``. */
export function testsOfRow(row: string): DocumentedTest[] {
  return [...row.matchAll(NAMED)].map(({ groups }) => ({
    file: groups?.['file'] ?? '',
    title: groups?.['title'] ?? '',
  }));
}

/** Rows of all tables of a document, without their heads. */
export function tableRows(document: string): string[] {
  const lines = readFileSync(join(ROOT, document), 'utf8').split('\n');
  return lines.filter((line, index) => line.startsWith('| ') && !(lines[index + 1] ?? '').startsWith('|-'));
}

/** Whether the file has a test of that title, as it stands in its source (`%s` where it is filled in). */
export function exists({ file, title }: DocumentedTest): boolean {
  try {
    return readFileSync(join(ROOT, file), 'utf8').replaceAll("\\'", "'").includes(title);
  } catch {
    return false;
  }
}
