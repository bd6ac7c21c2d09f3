// The kernel as others get it, together with the verifier: what one proves the other accepts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { olderNodes, THIS_NODE } from '../support/host-nodes.js';
import { cleanUp, ROOT } from '../support/program.js';
import { Installed, measured } from './installed.js';

const OLDEST = olderNodes(20)[0] ?? THIS_NODE;

const WORK = `
import { readFileSync } from 'node:fs';
import { execute, GuestExitError, KernelService, proveLocally, type LocalRun } from '@proofloom/kernel';
import { verify } from '@proofloom/verifier';

const kernel = new KernelService({ threads: 2 });
const program = readFileSync('fibonacci.elf');
const work: LocalRun = { program, input: readFileSync('input.bin'), segmentCycles: 4000 };
const run = await execute(kernel, work);
if (run.outcome !== 'halted') throw new Error(run.failure.message);
const { vkDigest } = await kernel.setup(program);
const phases = new Set<string>();
const { proof } = await proveLocally(kernel, work, { onProgress: ({ phase }) => phases.add(phase) });
const { statement } = await verify(proof, { vkDigest });
const failure: unknown = await proveLocally(kernel, { program: readFileSync('exit-nonzero.elf') }).catch((error) => error);
kernel.close();
console.log(JSON.stringify({
  isSame: statement.cycles === run.statement.cycles && Buffer.compare(statement.output, run.statement.output) === 0,
  segments: statement.segments,
  phases: [...phases],
  exitCode: failure instanceof GuestExitError && failure.statement.exitCode,
}));
`;

let installed: Installed;

beforeAll(async () => {
  installed = await Installed.of('@proofloom/kernel', '@proofloom/verifier');
  const guest = (name: string, from: string) => installed.write(name, readFileSync(join(ROOT, 'guests', from)));
  guest('fibonacci.elf', 'elf/fibonacci.elf');
  guest('exit-nonzero.elf', 'elf/exit-nonzero.elf');
  guest('input.bin', 'inputs/fibonacci-1000.bin');
});

afterAll(cleanUp);

describe('@proofloom/kernel', () => {
  it('brings nothing along', () => {
    measured('@proofloom/kernel and verifier, installed', installed.bytes, 10);
    expect(installed.packages).toEqual(['@proofloom/kernel', '@proofloom/verifier']);
  });

  it(`executes and proves on threads under Node ${OLDEST.version}, and the verifier accepts what it proves`, async () => {
    installed.write('work.mts', WORK);
    const typeRoots = [join(ROOT, 'node_modules', '@types')];
    await installed.compile(['work.mts'], { module: 'nodenext', types: ['node'], typeRoots });
    const printed = await installed.run(OLDEST.path, 'out/work.mjs');
    expect(JSON.parse(printed)).toEqual({
      isSame: true,
      segments: 3,
      phases: ['plan', 'contribution', 'prove', 'aggregate', 'verify'],
      exitCode: 7,
    });
  });
});
