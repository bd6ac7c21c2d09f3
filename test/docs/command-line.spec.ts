// docs/command-line.md against the code: every command and every exit code has its row.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../../src/cli/cli.error.js';
import { commandLine } from '../support/command-line.js';
import { mismatches, shapesOf, type Shape } from '../support/json-shapes.js';
import { tablesBelow } from '../support/markdown.js';
import { ROOT } from '../support/program.js';
import { ScriptedKernel } from '../support/scripted-kernel.js';

const PAGE = readFileSync(join(ROOT, 'docs/command-line.md'), 'utf8');
const [exitCodes = [], commands = []] = tablesBelow(PAGE, 'Exit codes');
const first = (rows: readonly string[][]) => rows.map(([cell = '']) => cell);

async function listed(...path: string[]): Promise<string[]> {
  const { out } = await commandLine([...path, '--help'], { startKernel: () => new ScriptedKernel() });
  return [...out.matchAll(/^ {2}([a-z]+)(?: |$)(?!.*--)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
}

async function everyCommand(): Promise<string[]> {
  const top = (await listed()).filter((name) => name !== 'proofloom');
  const nested = await Promise.all(
    ['kernel', 'bench', 'keys'].map(async (name) => [name, await listed(name)] as const),
  );
  const groups = new Map(nested);
  return top.flatMap((name) => groups.get(name)?.map((inner) => `${name} ${inner}`) ?? [name]);
}

function declaredExitCodes(): number[] {
  const sources = globSync('{src,scripts}/**/*.{ts,mjs}', { cwd: ROOT }).map((file) =>
    readFileSync(join(ROOT, file), 'utf8'),
  );
  const named = sources.flatMap((source) => [...source.matchAll(/\bEXIT_[A-Z_]+ = (\d+);/g)].map(([, code]) => code));
  return [...new Set([...named.map(Number), ...Object.values(EXIT)])].sort((a, b) => a - b);
}

describe('docs/command-line.md', () => {
  it('has every exit code that is declared', () => {
    expect(declaredExitCodes().length).toBeGreaterThan(5);
    expect(first(exitCodes).map(Number)).toEqual(declaredExitCodes());
  });

  it('has every command', async () => {
    const found = await everyCommand();
    expect(found).toContain('kernel aggregate');
    const rows = first(commands).flatMap((row) =>
      row.startsWith('proofloom ') ? [row.slice('proofloom '.length)] : [],
    );
    expect(rows.toSorted()).toEqual(found.toSorted());
  });

  it('has a failure as it is printed', async () => {
    const { out } = await commandLine(['execute', '/none', '--json'], { startKernel: () => new ScriptedKernel() });
    const shapes = shapesOf(PAGE);
    expect(mismatches(JSON.parse(out), shapes.get('Failure') as Shape, shapes)).toEqual([]);
  });
});

describe('the check of shapes', () => {
  const shapes = new Map<string, Shape>([['Pair', { a: 'integer', 'b?': ['string'] }]]);

  it('takes what is documented', () => {
    expect(mismatches({ a: 1, b: ['x'] }, 'Pair', shapes)).toEqual([]);
    expect(mismatches(null, 'Pair | null', shapes)).toEqual([]);
    expect(mismatches({ x: 1, y: 2 }, { '*': 'number' }, shapes)).toEqual([]);
  });

  it('finds wrong types, missing fields and fields that are not documented', () => {
    expect(mismatches({ a: 1.5 }, 'Pair', shapes)).toEqual(['.a: 1.5 is no integer']);
    expect(mismatches({}, 'Pair', shapes)).toEqual(['.a: missing']);
    expect(mismatches({ a: 1, b: [2], c: 3 }, 'Pair', shapes)).toEqual(['.b[0]: 2 is no string', '.c: not documented']);
  });
});
