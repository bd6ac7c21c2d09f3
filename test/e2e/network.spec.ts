import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { LocalProver } from '../../src/cli/local-prover.js';
import { ProofloomClient } from '../../src/client/proofloom-client.js';
import { KernelService } from '../../src/kernel/kernel.service.js';
import { ZiskDistributedApiClient, type LaunchProofResponse } from '../../src/wire/generated/zisk_distributed_api.js';
import { answer } from '../support/calls.js';
import { KERNEL_THREAD_ENTRY } from '../support/fake-kernel.js';
import { TestNetwork } from '../support/network.js';
import { cleanUp, ROOT, scratchFolder } from '../support/program.js';

const SEGMENT_CYCLES = 1024;
const LIMITS = { maxCycles: 1_000_000n, maxMemoryBytes: 2 ** 28, maxOutputBytes: 1024 };
const JOB_MS = 300_000;

describe('a network of a coordinator and three provers', () => {
  const elf = readFileSync(join(ROOT, 'guests/elf/fibonacci.elf'));
  const input = Buffer.alloc(8);
  let network: TestNetwork;
  let client: ProofloomClient;
  let kernel: KernelService;

  beforeAll(async () => {
    input.writeBigUInt64LE(200n);
    const inputs = scratchFolder();
    mkdirSync(inputs, { recursive: true });
    writeFileSync(join(inputs, 'n.bin'), input);
    network = await TestNetwork.start(3, {
      DISTRIBUTED_INPUT_ROOTS: inputs,
      DISTRIBUTED_PROGRAM: join(ROOT, 'guests/elf/fibonacci.elf'),
      DISTRIBUTED_SEGMENT_CYCLES: String(SEGMENT_CYCLES),
    });
    client = new ProofloomClient(network.url);
    kernel = new KernelService({ threads: 2, threadEntry: KERNEL_THREAD_ENTRY });
  }, 300_000);

  afterAll(async () => {
    kernel.close();
    client.close();
    await network.stop();
    cleanUp();
  }, 300_000);

  it(
    'proves what LaunchProof asks for: every prover works, and the proof is the one that this machine makes alone',
    async () => {
      const api = new ZiskDistributedApiClient(network.address, credentials.createInsecure());
      const request = { blockId: 'block_1', computeCapacity: 3, inputPath: 'n.bin', simulatedNode: undefined };
      const { result } = await answer<LaunchProofResponse>((done) => api.launchProof(request, done));
      if (result?.$case !== 'jobId') throw new Error(JSON.stringify(result));
      const job = await client.wait(result.value);
      expect(job).toMatchObject({ state: 'completed', labels: { block_id: 'block_1' }, failure: null });
      expect(new Set(job.shares.map(({ pid }) => pid))).toEqual(new Set(network.provers.map(({ pid }) => pid)));
      expect(job.shares.reduce((sum, { proven }) => sum + proven, 0)).toBe((job.outcome?.segments ?? 0) + 1);
      await expect(answer((done) => api.jobStatus({ jobId: job.id }, done))).resolves.toMatchObject({
        result: { $case: 'job', value: { blockId: 'block_1', state: 'Completed', phase: '' } },
      });
      api.close();

      const proof = await client.downloadProof(job);
      const { statement } = await kernel.verify({ proof, expected: { elf } });
      expect(statement).toMatchObject({ exitCode: 0, segments: job.outcome?.segments, cycles: job.outcome?.cycles });
      const alone = new LocalProver(
        kernel,
        { elf, input, segmentCycles: SEGMENT_CYCLES, limits: LIMITS, threads: 2 },
        { signal: new AbortController().signal, onProgress: () => undefined, nowMs: () => performance.now() },
      );
      const local = await alone.prove();
      expect(Buffer.from(local.proof).equals(proof)).toBe(true);
    },
    JOB_MS,
  );

  it(
    'runs the example of the README',
    async () => {
      const example = readFileSync(join(ROOT, 'examples/client.mjs'), 'utf8');
      expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(`\`\`\`js\n${example}\`\`\``);
      const env = { ...process.env, DISTRIBUTED_SERVER_URL: network.url };
      const { stdout } = await promisify(execFile)(process.execPath, ['examples/client.mjs'], { cwd: ROOT, env });
      expect(stdout).toContain('public output: 4b60c05cc74d590b');
      const proof = readFileSync(join(ROOT, 'fibonacci.plm'));
      rmSync(join(ROOT, 'fibonacci.plm'));
      const { statement } = await kernel.verify({ proof, expected: { elf } });
      expect(statement.cycles).toBe(11_060n);
    },
    JOB_MS,
  );

  it(
    'ends a cancelled job for good and stays able to work',
    async () => {
      const { jobId } = await client.submit({ program: elf, input, segmentCycles: SEGMENT_CYCLES });
      await expect(client.cancel(jobId, 'not wanted')).resolves.toMatchObject({ state: 'cancelled' });
      const provers = await client.provers();
      expect(provers.map(({ proverId }) => proverId).toSorted()).toEqual(['prover-1', 'prover-2', 'prover-3']);
      await expect(client.get(jobId)).resolves.toMatchObject({ state: 'cancelled' });
    },
    JOB_MS,
  );
});
