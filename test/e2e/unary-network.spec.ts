import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalProver } from '../../src/kernel/local-prover.js';
import type { Job } from '../../src/client/job.js';
import { ProofloomClient } from '../../src/client/proofloom-client.js';
import { KernelService } from '../../src/kernel/kernel.service.js';
import { eventually } from '../support/calls.js';
import { KERNEL_THREAD_ENTRY } from '../support/fake-kernel.js';
import { TestNetwork, type Transport } from '../support/network.js';
import { cleanUp, ROOT } from '../support/program.js';

const SEGMENT_CYCLES = 1024;
const LIMITS = { maxCycles: 1_000_000n, maxMemoryBytes: 2 ** 28, maxOutputBytes: 1024 };
const DEADLINE_MS = 600_000;

const elf = readFileSync(join(ROOT, 'guests/elf/fibonacci.elf'));
/** The 80th number: one segment and the boundary, a proof for each of two provers. */
const input = Buffer.from([80, 0, 0, 0, 0, 0, 0, 0]);
let local: Uint8Array;

beforeAll(async () => {
  const kernel = new KernelService({ threads: 2, threadEntry: KERNEL_THREAD_ENTRY });
  const alone = new LocalProver(
    kernel,
    { elf, input, segmentCycles: SEGMENT_CYCLES, limits: LIMITS, threads: 2 },
    { signal: new AbortController().signal, onProgress: () => undefined, nowMs: () => performance.now() },
  );
  local = (await alone.prove()).proof;
  kernel.close();
}, DEADLINE_MS);

afterAll(cleanUp);

/** The job, once it has ended. */
function ended(job: Job | undefined): Job | undefined {
  return job && ['completed', 'failed', 'cancelled'].includes(job.state) ? job : undefined;
}

describe('provers without a bidirectional stream', () => {
  it.each<[string, Transport[]]>([
    ['alone', ['unary', 'unary']],
    ['together with one that has a stream', ['stream', 'unary']],
  ])(
    'prove a job %s: each works, and the proof is the one that this machine makes alone',
    async (_how, transports) => {
      const network = await TestNetwork.start(transports);
      const client = new ProofloomClient(network.url);
      const job = await client.prove({ program: elf, input, segmentCycles: SEGMENT_CYCLES });
      expect(job).toMatchObject({ state: 'completed', failure: null });
      const proven = Object.fromEntries(job.segmentsByProver.map(({ proverId, proven }) => [proverId, proven]));
      expect(proven).toEqual({ 'prover-1': expect.any(Number), 'prover-2': expect.any(Number) });
      expect(Object.values(proven)).not.toContain(0);
      expect(Buffer.from(await client.downloadProof(job)).equals(local)).toBe(true);
      client.close();
      await network.stop();
    },
    DEADLINE_MS,
  );

  it(
    'come back with their work when the coordinator is killed in the middle and started again',
    async () => {
      const network = await TestNetwork.start(['unary']);
      const client = new ProofloomClient(network.url);
      const { jobId } = await client.submit({ program: elf, input, segmentCycles: SEGMENT_CYCLES });
      await eventually(async () => ((await client.get(jobId)).phase === 'prove' ? true : undefined), DEADLINE_MS);
      await network.restartCoordinator();
      const job = await eventually(async () => ended(await client.get(jobId).catch(() => undefined)), DEADLINE_MS);
      expect(job).toMatchObject({ state: 'completed', failure: null });
      const [prover] = network.provers;
      expect(job.segmentsByProver).toMatchObject([{ proverId: 'prover-1', pid: prover?.pid }]);
      expect(prover?.lines.filter(({ message }) => message === 'connected')).toHaveLength(2);
      expect(Buffer.from(await client.downloadProof(job)).equals(local)).toBe(true);
      client.close();
      await network.stop();
    },
    DEADLINE_MS,
  );
});
