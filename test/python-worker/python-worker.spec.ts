// A prover and an administrator in another language, sharing no code with ours: stubs from their own copy of the published
// schema, real commitments and proofs made by `proofloom kernel`.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProofloomClient } from '../../src/client/proofloom-client.js';
import { KernelService } from '../../src/kernel/kernel.service.js';
import { eventually } from '../support/calls.js';
import { KERNEL_THREAD_ENTRY } from '../support/fake-kernel.js';
import { TestNetwork } from '../support/network.js';
import { cleanUp, ROOT, type Program } from '../support/program.js';
import { adminOf, factsOf, python, startWorker, type Response } from './python.js';

const PROGRAM = join(ROOT, 'guests/elf/fibonacci.elf');
const SEGMENT_CYCLES = 256;
/** Inputs of the guest by the number of segments that they give at this segment size. */
const INPUTS = { 'twenty.bin': 460, 'one.bin': 1 };
const JOB_MS = 600_000;

let network: TestNetwork;
let folder: string;
let admin: ReturnType<typeof adminOf>;
let kernel: KernelService;

async function start(provers: number): Promise<void> {
  network = await TestNetwork.start(provers, {
    DISTRIBUTED_PROGRAM: PROGRAM,
    DISTRIBUTED_SEGMENT_CYCLES: String(SEGMENT_CYCLES),
    DISTRIBUTED_INPUT_ROOTS: join(folder),
    DISTRIBUTED_SHARED_INPUT_DIR: join(folder, `shared-${provers}`),
  });
  admin = adminOf(network.address);
}

const worker = (id: string, units: number, method: 'ProverStream' | 'WorkerStream') =>
  startWorker({ address: network.address, id, units, method, program: PROGRAM, segmentCycles: SEGMENT_CYCLES });

/** Launches by the administrator and waits for the end; returns the job's status and its final proof. */
async function proven(input: string, capacity: number): Promise<{ job: Response; proof: Uint8Array }> {
  const launched = await admin('LaunchProof', { block_id: 'block_1', compute_capacity: capacity, input_path: input });
  const { job_id: jobId } = launched as { job_id: string };
  const client = new ProofloomClient(network.url);
  const bytes = await client.downloadProof(await client.wait(jobId));
  client.close();
  const { job } = (await admin('JobStatus', { job_id: jobId })) as { job: Response };
  return { job, proof: bytes };
}

/** Nothing that the worker received has a field which the published schema has not; none of its answers was too large. */
function expectPublishedOnly(process: Program): void {
  expect(factsOf(process, 'unknown')).toEqual([]);
  expect(factsOf(process, 'unexpected')).toEqual([]);
  for (const { bytes } of factsOf(process, 'answer')) expect(bytes).toBeLessThan(4 * 2 ** 20);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'proofloom-python-worker-'));
  for (const [name, n] of Object.entries(INPUTS)) {
    const input = Buffer.alloc(8);
    input.writeBigUInt64LE(BigInt(n));
    writeFileSync(join(folder, name), input);
  }
  kernel = new KernelService({ threads: 1, threadEntry: KERNEL_THREAD_ENTRY });
});
afterEach(() => network.stop());
afterAll(() => {
  kernel.close();
  cleanUp();
  rmSync(folder, { recursive: true, force: true });
});

const verified = (proof: Uint8Array) => kernel.verify({ proof, expected: { elf: readFileSync(PROGRAM) } });

describe('a prover in another language', () => {
  let alone: Uint8Array;

  it(
    'completes a job of 20 segments alone, over the later name of the stream',
    async () => {
      await start(0);
      const pythia = await worker('pythia', 2, 'WorkerStream');
      const { job, proof } = await proven('twenty.bin', 2);
      expect(job).toMatchObject({ state: 'Completed', block_id: 'block_1', assigned_provers: ['pythia'] });
      await expect(verified(proof)).resolves.toMatchObject({ statement: { segments: 20, exitCode: 0 } });
      expectPublishedOnly(pythia);
      // The set came in several messages, each below the limit.
      expect(factsOf(pythia, 'answer').filter(({ type }) => type === 1).length).toBeGreaterThan(3);
      alone = proof;
      await pythia.stop();
    },
    JOB_MS,
  );

  it(
    'and a prover of ours complete one job together, with the same final proof',
    async () => {
      await start(1);
      const pythia = await worker('pythia', 1, 'ProverStream');
      const { job, proof } = await proven('twenty.bin', 2);
      expect(job).toMatchObject({ state: 'Completed', assigned_provers: ['prover-1', 'pythia'] });
      expect(Buffer.from(proof).equals(alone)).toBe(true);
      expect(factsOf(pythia, 'partition')).toMatchObject([{ segments: [1, 3, 5, 7, 9, 11, 13, 15, 17, 19] }]);
      expectPublishedOnly(pythia);
      await pythia.stop();
    },
    JOB_MS,
  );

  it(
    'makes the final proof where that fits into a message',
    async () => {
      await start(0);
      const pythia = await worker('pythia', 1, 'ProverStream');
      const { job, proof } = await proven('one.bin', 1);
      expect(job).toMatchObject({ state: 'Completed' });
      await expect(verified(proof)).resolves.toMatchObject({ statement: { segments: 1 } });
      expect(factsOf(pythia, 'answer').map(({ type }) => type)).toEqual([0, 1, 2]);
      expectPublishedOnly(pythia);
      await pythia.stop();
    },
    JOB_MS,
  );
});

describe('an administrator in another language', () => {
  it(
    'gets an answer to every call, with the documented codes and words',
    async () => {
      await start(0);
      await expect(admin('HealthCheck')).resolves.toEqual({});
      await expect(admin('StatusInfo')).resolves.toMatchObject({ service_name: 'Proofloom Coordinator' });
      await expect(admin('SystemStatus')).resolves.toMatchObject({ status: {} });
      const refused = { block_id: 'b', compute_capacity: 1 };
      for (const [request, code] of [
        [{ ...refused, compute_capacity: 0, input_path: '/etc/passwd' }, 'INVALID_ARGUMENT'],
        [{ ...refused, input_path: '/etc/passwd' }, 'INPUT_NOT_ALLOWED'],
        [{ ...refused, input_path: 'none.bin' }, 'INPUT_NOT_FOUND'],
        [{ ...refused, input_path: 'one.bin' }, 'PROVER_UNAVAILABLE'],
      ] as const) {
        await expect(admin('LaunchProof', request)).resolves.toMatchObject({ error: { code } });
      }
      await expect(admin('JobStatus', { job_id: 'job_123' })).resolves.toMatchObject({
        error: { code: 'JOB_NOT_FOUND' },
      });
      const pythia = await worker('pythia', 3, 'ProverStream');
      for (const call of ['ProversList', 'WorkersList']) {
        await expect(admin(call, { available_only: true })).resolves.toMatchObject({
          provers_list: { provers: [{ prover_id: 'pythia', state: 'Idle', compute_capacity: { compute_units: 3 } }] },
        });
      }
      await expect(admin('SystemStatus')).resolves.toMatchObject({ status: { total_provers: 1, compute_capacity: 3 } });
      await expect(admin('JobsList', { active_only: true })).resolves.toEqual({ jobs_list: {} });
      await pythia.stop();
      await eventually(async () => {
        const { provers_list } = await admin('ProversList');
        return (provers_list as { provers?: unknown[] }).provers === undefined || undefined;
      });
    },
    JOB_MS,
  );
});

describe('recorded messages', () => {
  it('are what the stubs of the published schema encode', async () => {
    await start(0);
    const again = join(folder, 'recorded');
    await python('record.py', again);
    const kept = join(ROOT, 'test/wire/recorded');
    expect(readdirSync(again)).toEqual(readdirSync(kept));
    for (const name of readdirSync(kept)) {
      expect({ name, hex: readFileSync(join(again, name), 'ascii') }).toEqual({
        name,
        hex: readFileSync(join(kept, name), 'ascii'),
      });
    }
  });
});
