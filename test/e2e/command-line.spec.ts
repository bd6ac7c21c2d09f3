// What `--json` prints, by commands on a real network, against the shapes of docs/command-line.md.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mismatches, shapesOf } from '../support/json-shapes.js';
import { TestNetwork } from '../support/network.js';
import { cleanUp, Program, ROOT, scratchFolder } from '../support/program.js';

const NETWORK_MS = 300_000;
const SHAPES = shapesOf(readFileSync(join(ROOT, 'docs/command-line.md'), 'utf8'));
const PROGRAM = join(ROOT, 'guests/elf/fibonacci.elf');
const INPUT = ['--input', join(ROOT, 'guests/inputs/fibonacci-1000.bin')];

describe('proofloom --json', () => {
  let network: TestNetwork;
  let url: readonly string[];
  const out = join(scratchFolder(), 'fibonacci.plm');

  beforeAll(async () => {
    network = await TestNetwork.start(1);
    url = ['--url', network.url];
  }, NETWORK_MS);

  afterAll(async () => {
    await network.stop();
    cleanUp();
  });

  /** Runs a command and returns its object, which must have the documented shape. */
  async function printed(shape: string, ...args: readonly string[]): Promise<Record<string, unknown>> {
    const program = Program.start('bin/proofloom.js', [...args, '--json']);
    await program.exited;
    const [object] = program.lines;
    expect(program.lines).toHaveLength(1);
    expect(mismatches(object, shape, SHAPES)).toEqual([]);
    return object ?? {};
  }

  it('is documented for what needs no network', async () => {
    await printed('proofloom', '--version');
    const executed = await printed('proofloom execute', 'execute', PROGRAM, ...INPUT);
    expect(executed).toMatchObject({ exitCode: 0, cycles: 11_060 });
    await printed('proofloom kernel info', 'kernel', 'info');
    await printed('Failure', 'verify', PROGRAM, '--program', PROGRAM);
  });

  it(
    'is documented for proofs made here and on the network',
    async () => {
      const local = await printed('proofloom prove', 'prove', PROGRAM, ...INPUT, '--local', '--out', out);
      const verified = await printed('proofloom verify', 'verify', out, '--program', PROGRAM);
      expect(verified).toMatchObject({ verified: true, vkDigest: local['vkDigest'] });
      await printed('proofloom prove', 'prove', PROGRAM, ...INPUT, ...url, '--out', out);
    },
    NETWORK_MS,
  );

  it(
    'is documented for jobs, in every state',
    async () => {
      const { jobId } = await printed('proofloom submit', 'submit', PROGRAM, ...INPUT, ...url);
      const job = String(jobId);
      await printed('proofloom watch, cancel, status JOB', 'watch', job, ...url);
      await printed('proofloom watch, cancel, status JOB', 'cancel', job, ...url);
      await printed('proofloom watch, cancel, status JOB', 'status', job, ...url);
      await printed('proofloom download', 'download', job, '--out', out, ...url);
      const { jobs } = await printed('proofloom jobs', 'jobs', ...url);
      expect(jobs).not.toHaveLength(0);
      const failing = await printed('proofloom submit', 'submit', join(ROOT, 'guests/elf/trap.elf'), ...url);
      const failure = await printed('Failure', 'watch', String(failing['jobId']), ...url);
      expect(failure).toMatchObject({ error: { code: 'job_failed', reason: 'GUEST_FAILED' } });
      await printed('proofloom watch, cancel, status JOB', 'status', String(failing['jobId']), ...url);
    },
    NETWORK_MS,
  );

  it('is documented for operators', async () => {
    await printed('proofloom status', 'status', ...url);
    await printed('proofloom provers', 'provers', ...url);
    await printed('proofloom quarantine', 'quarantine', ...url);
    await printed('Failure', 'release', 'nobody', ...url);
    const drained = await printed('proofloom drain', 'drain', 'prover-1', ...url);
    expect(drained).toEqual({ draining: ['prover-1'] });
  });
});
