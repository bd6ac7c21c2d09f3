import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import type { Job } from '../../src/client/job.js';
import { ProofloomClient } from '../../src/client/proofloom-client.js';
import { ZiskDistributedApiClient, type LaunchProofResponse } from '../../src/wire/generated/zisk_distributed_api.js';
import { answer } from '../support/calls.js';
import { TestNetwork } from '../support/network.js';
import { cleanUp, Program, ROOT, scratchFolder } from '../support/program.js';

const CLI = 'dist/cli/main.js';
const FIBONACCI = join(ROOT, 'guests/elf/fibonacci.elf');
const SEGMENT_CYCLES = 1024;
/** Proving takes minutes on a machine that has other things to do. */
const DEADLINE_MS = 600_000;

let network: TestNetwork;
let client: ProofloomClient;
let inputs: string;

beforeAll(async () => {
  inputs = scratchFolder();
  mkdirSync(inputs, { recursive: true });
  network = await TestNetwork.start(3, {
    DISTRIBUTED_INPUT_ROOTS: inputs,
    DISTRIBUTED_PROGRAM: FIBONACCI,
    DISTRIBUTED_SEGMENT_CYCLES: String(SEGMENT_CYCLES),
  });
  client = new ProofloomClient(network.url);
}, DEADLINE_MS);

afterAll(async () => {
  client.close();
  await network.stop();
  cleanUp();
}, DEADLINE_MS);

/** The input file that asks for the n-th Fibonacci number. */
function inputOf(n: bigint): { readonly name: string; readonly path: string; readonly bytes: Buffer } {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(n);
  const name = `${n}.bin`;
  const path = join(inputs, name);
  writeFileSync(path, bytes);
  return { name, path, bytes };
}

/** Runs the command line to its end and returns what it printed as one object. */
async function cli(args: readonly string[]): Promise<{ code: number | null; facts: Record<string, unknown> }> {
  const command = Program.start(CLI, [...args, '--json']);
  const { code } = await command.exited;
  return { code, facts: command.lines[0] ?? {} };
}

/** Tasks of a job that provers say they have made, by the prover's process. */
function made(jobId: string): Map<number, string[]> {
  const of = (prover: Program) =>
    prover.lines.filter(({ message, job }) => message === 'task done' && job === jobId).map(({ task }) => String(task));
  return new Map(network.provers.map((prover) => [prover.pid ?? 0, of(prover)]));
}

describe('a job of more than twenty segments on three provers', () => {
  it(
    'launched by the published call is proven with every segment made once, by processes of their own',
    async () => {
      const input = inputOf(2000n);
      const api = new ZiskDistributedApiClient(network.address, credentials.createInsecure());
      const request = { blockId: 'block_1', computeCapacity: 3, inputPath: input.name, simulatedNode: undefined };
      const { result } = await answer<LaunchProofResponse>((done) => api.launchProof(request, done));
      if (result?.$case !== 'jobId') throw new Error(JSON.stringify(result));
      const job = await client.wait(result.value);
      expect(job).toMatchObject({ state: 'completed', labels: { block_id: 'block_1' }, failure: null });
      await expect(answer((done) => api.jobStatus({ jobId: job.id }, done))).resolves.toMatchObject({
        result: { $case: 'job', value: { blockId: 'block_1', state: 'Completed', phase: '' } },
      });
      api.close();

      const segments = job.outcome?.segments ?? 0;
      expect(segments).toBeGreaterThanOrEqual(20);
      expectEachMadeOnce(job, segments);
      const proof = join(scratchFolder(), 'proof.plm');
      writeFileSync(proof, await client.downloadProof(job));
      await expect(cli(['verify', proof, '--program', FIBONACCI])).resolves.toMatchObject({
        code: 0,
        facts: { verified: true, exitCode: 0, segments },
      });
    },
    DEADLINE_MS,
  );

  function expectEachMadeOnce(job: Job, segments: number): void {
    const tasks = made(job.id);
    const numbers = Array.from({ length: segments + 1 }, (_, segment) => String(segment));
    const expected = [...numbers.map((n) => `contribute/${n}`), ...numbers.map((n) => `prove/1/${n}`), 'aggregate/1'];
    expect([...tasks.values()].flat().toSorted()).toEqual(expected.toSorted());
    expect(new Set(job.segmentsByProver.map(({ pid }) => pid))).toEqual(new Set(tasks.keys()));
    for (const counts of job.segmentsByProver) {
      expect(counts.contributed).toBeGreaterThan(0);
      expect(counts.proven).toBeGreaterThan(0);
    }
  }
});

describe('the network', () => {
  it(
    'runs the example of the README',
    async () => {
      const example = readFileSync(join(ROOT, 'examples/client.mjs'), 'utf8');
      expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(`\`\`\`js\n${example}\`\`\``);
      const env = { ...process.env, DISTRIBUTED_SERVER_URL: network.url };
      const { stdout } = await promisify(execFile)(process.execPath, ['examples/client.mjs'], { cwd: ROOT, env });
      expect(stdout).toContain('public output: 4b60c05cc74d590b');
      const proof = join(ROOT, 'fibonacci.plm');
      await expect(cli(['verify', proof, '--program', FIBONACCI])).resolves.toMatchObject({
        facts: { verified: true, cycles: 11_060 },
      });
      rmSync(proof);
    },
    DEADLINE_MS,
  );

  it(
    "ends a job whose guest traps as the guest's own failure, and the command line says so and writes nothing",
    async () => {
      const out = join(scratchFolder(), 'trap.plm');
      const trap = join(ROOT, 'guests/elf/trap.elf');
      const { code, facts } = await cli(['prove', trap, '--url', network.url, '--out', out]);
      expect(code).toBe(1);
      expect(facts).toMatchObject({ error: { code: 'job_failed', reason: 'GUEST_FAILED' } });
      expect(existsSync(out)).toBe(false);
    },
    DEADLINE_MS,
  );

  it(
    'ends a cancelled job for good and stays able to work',
    async () => {
      const request = { program: readFileSync(FIBONACCI), input: inputOf(200n).bytes, segmentCycles: SEGMENT_CYCLES };
      const { jobId } = await client.submit(request);
      await expect(client.cancel(jobId, 'not wanted')).resolves.toMatchObject({ state: 'cancelled' });
      const provers = await client.provers();
      expect(provers.map(({ proverId }) => proverId).toSorted()).toEqual(['prover-1', 'prover-2', 'prover-3']);
      await expect(client.get(jobId)).resolves.toMatchObject({ state: 'cancelled' });
    },
    DEADLINE_MS,
  );

  it(
    'makes the same bytes with three provers, with two, with one, and without a network',
    async () => {
      const input = inputOf(200n);
      const request = { program: readFileSync(FIBONACCI), input: input.bytes, segmentCycles: SEGMENT_CYCLES };
      const digests: string[] = [];
      for (const leaving of [0, 1, 2]) {
        if (leaving > 0) await network.provers[leaving]?.stop();
        const job = await client.prove(request);
        expect(job.state).toBe('completed');
        digests.push(Buffer.from(await client.downloadProof(job)).toString('base64'));
      }
      const out = join(scratchFolder(), 'local.plm');
      const cut = ['--segment-cycles', String(SEGMENT_CYCLES)];
      const alone = await cli(['prove', FIBONACCI, '--local', '--input', input.path, '--out', out, ...cut]);
      expect(alone.code).toBe(0);
      expect(new Set([...digests, readFileSync(out).toString('base64')]).size).toBe(1);
    },
    DEADLINE_MS,
  );
});
