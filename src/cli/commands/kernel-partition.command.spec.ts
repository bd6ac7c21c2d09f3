import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '../../../test/support/command-line.js';
import { ScriptedKernel } from '../../../test/support/scripted-kernel.js';

let folder: string;
let elf: string;
let kernel: ScriptedKernel;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proofloom-partition-'));
  elf = join(folder, 'program.elf');
  writeFileSync(elf, 'a program');
  kernel = new ScriptedKernel();
});
afterEach(() => rmSync(folder, { recursive: true }));

const proofloom = (...argv: string[]) => commandLine(['kernel', ...argv], { startKernel: () => kernel });

interface CommitmentFacts {
  readonly segment: number;
  readonly commitment: string;
  readonly elements: number[];
}

async function commitmentsFile(count = 4): Promise<string> {
  const { commitments } = JSON.parse((await proofloom('contribute', elf, '--json')).out) as {
    commitments: CommitmentFacts[];
  };
  const file = join(folder, 'commitments.json');
  writeFileSync(file, JSON.stringify(commitments.slice(0, count).map(({ commitment }) => commitment)));
  return file;
}

describe('proofloom kernel contribute', () => {
  it('gives the commitment of every segment, the boundary first, in bytes and as field elements', async () => {
    const { code, out } = await proofloom('contribute', elf, '--json');
    const { commitments, statement } = JSON.parse(out) as {
      commitments: CommitmentFacts[];
      statement: { segments: number };
    };
    expect(code).toBe(0);
    expect(statement.segments).toBe(3);
    expect(commitments.map(({ segment }) => segment)).toEqual([0, 1, 2, 3]);
    for (const { commitment, elements } of commitments) {
      const bytes = Buffer.alloc(32);
      for (const [index, element] of elements.entries()) bytes.writeUInt32LE(element, index * 4);
      expect(bytes.toString('hex')).toBe(commitment);
    }
  });

  it('takes numbers and ranges, each once', async () => {
    const { out } = await proofloom('contribute', elf, '--segments', '3,0-1,0');
    expect(out.split('\n').map((line) => Number(line.trim().split(' ')[0]))).toEqual([3, 0, 1]);
  });
});

describe('proofloom kernel prove and aggregate', () => {
  it('write a proof a segment, and the final proof of all', async () => {
    const commitments = await commitmentsFile();
    const proofs = join(folder, 'proofs');
    expect((await proofloom('prove', elf, '--commitments', commitments, '--out-dir', proofs)).code).toBe(0);
    expect(readdirSync(proofs).toSorted()).toEqual([0, 1, 2, 3].map((segment) => `segment-${segment}.proof`));
    const out = join(folder, 'final.plm');
    expect(
      (await proofloom('aggregate', elf, '--commitments', commitments, '--proofs', proofs, '--out', out)).code,
    ).toBe(0);
    expect(kernel.calls).toContain('verify');
    expect(readFileSync(out).length).toBe(5 * 32);
  });
});

describe('what cannot be', () => {
  const failure = async (...argv: string[]) => {
    const { out, code } = await proofloom(...argv, '--json');
    const { error } = JSON.parse(out) as { error: { code: string; message: string; hint: string } };
    expect(code).toBe(1);
    expect(error.hint).not.toBe('');
    return error;
  };
  const proving = (commitments: string, ...more: string[]) =>
    failure('prove', elf, '--commitments', commitments, '--out-dir', join(folder, 'p'), ...more);

  it.each([
    ['no JSON', 'x'],
    ['no list', '{}'],
    ['an entry that is no commitment', '["00"]'],
  ])('a list of commitments that is %s', async (_what, text) => {
    const file = join(folder, 'bad.json');
    writeFileSync(file, text);
    await expect(proving(file)).resolves.toMatchObject({ code: 'invalid_commitments' });
  });

  it('too few commitments, a segment that is not there, a folder that cannot be made, a proof that is missing', async () => {
    await expect(proving(await commitmentsFile(3))).resolves.toMatchObject({ code: 'wrong_commitments' });
    const commitments = await commitmentsFile();
    await expect(proving(commitments, '--segments', '4')).resolves.toMatchObject({ code: 'no_such_segment' });
    const below = join(elf, 'below-a-file');
    await expect(failure('prove', elf, '--commitments', commitments, '--out-dir', below)).resolves.toMatchObject({
      code: 'unwritable_file',
    });
    const out = join(folder, 'final.plm');
    await expect(
      failure('aggregate', elf, '--commitments', commitments, '--proofs', folder, '--out', out),
    ).resolves.toMatchObject({ code: 'unreadable_file' });
  });

  it.each(['x', '3-1', '-1', '1,,2', '0-99999999'])('the segments %s', async (list) => {
    const { code, err } = await proofloom('contribute', elf, `--segments=${list}`);
    expect(code).toBe(2);
    expect(err).toContain('allowed');
  });
});
