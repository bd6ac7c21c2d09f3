import { EXEMPT, problemsOf, retiredIn } from '../../scripts/check-words.mjs';

const found = (line: string) => retiredIn(line).map((problem) => problem.found);

describe('the check of words', () => {
  it.each([
    ['const leafCount = 1;', 'leaf'],
    ['this.onLeaf(segment)', 'leaf'],
    ["import { x } from './leaf-table.js'", 'leaf'],
    ['const GRANTED = 1;', 'granted'],
    ['the grants of a job', 'grants'],
    ['sets its author aside', 'sets its author aside'],
    ["case 'combining':", "'combining'"],
    ['a prover joins the proofs', 'joins the proofs'],
    ['run.maxRounds', 'maxRounds'],
    ['the job begins another round', 'another round'],
    ['commitment_settled', 'commitment_settled'],
    ['new WorkOrder(task)', 'WorkOrder'],
    ['class JobLedger', 'ledger'],
    ['a fleet of provers', 'fleet'],
    ['segments dealt to provers', 'dealt'],
    ['work is handed out', 'handed out'],
    ['PATIENCE_MS', 'patience'],
    ['what published peers send', 'published peers'],
    ['npm run test:foreign', 'test:foreign'],
    ['the assignment desk', 'desk'],
    ['a prover that was turned away', 'turned away'],
    ['holdings: []', 'holdings'],
    ['const held = []', 'const held'],
    ['the program is not prepared', 'program is not prepared'],
    ['the fixed columns of a table', 'fixed columns'],
    ['the crossing access', 'crossing'],
    ['a proof profile', 'proof profile'],
    ['the watchman of the simulator', 'watchman'],
    ['store/random-life.spec.ts', 'random-life'],
  ])('finds a retired word in %s', (line, word) => {
    expect(found(line)).toContain(word);
  });

  it.each([
    'Math.round(value)',
    'a round trip',
    'one that leaves nothing behind',
    "path.join(folder, 'proofs')",
    'await Promise.allSettled(calls)',
    'two provers must not share a name',
    'the lock is held by the operating system',
    'a new column that is shared',
    'failures are dealt with at the end',
    'jobs in their order',
    'what the prover held is given to others',
  ])('leaves English alone: %s', (line) => {
    expect(found(line)).toEqual([]);
  });

  it('names the line, reads the name of the file, and says what to write instead', () => {
    expect(problemsOf('src/leaf.ts', 'a\nconst gamma = 1;')).toEqual([
      { where: 'src/leaf.ts (its name)', found: 'leaf', instead: expect.stringContaining('segment commitment') },
      { where: 'src/leaf.ts:2', found: 'gamma', instead: 'global challenge' },
    ]);
  });

  it('passes over the names of the published schemas', () => {
    expect(problemsOf('src/a.ts', '  heldGrants: [],')).toEqual([]);
    expect(problemsOf('src/a.ts', "{ $case: 'leaf', value }")).toEqual([]);
  });

  it('has a reason for every place that keeps a retired word', () => {
    for (const { file, text, why } of EXEMPT) {
      expect(why).toMatch(/\w+ \w+/);
      expect(file ?? text).toBeInstanceOf(RegExp);
    }
  });

  it('looks for the words of one part of the house only there', () => {
    expect(retiredIn('the product of a task', 'src/prover/work/task.ts')).toMatchObject([{ found: 'product' }]);
    expect(retiredIn('the product of two numbers', 'src/bench/sizes.ts')).toEqual([]);
  });
});
