import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, Program, ROOT } from '../support/program.js';
import { FaultNetwork, fibonacciInput, HEARTBEAT_MS, knownJob, DEADLINE_MS, type KnownJob } from './fault-network.js';
import { figure } from './figures.js';

const SEGMENT_CYCLES = 1024;
const INPUT = fibonacciInput(200);

let known: KnownJob;
let network: FaultNetwork;

beforeAll(async () => {
  known = await knownJob('fibonacci', INPUT, SEGMENT_CYCLES);
}, DEADLINE_MS);

beforeEach(async () => {
  network = await FaultNetwork.start();
  await network.addProvers('a', 'b');
}, DEADLINE_MS);

afterEach(async () => {
  await network.stop();
});

afterAll(cleanUp);

const guest = (name: string) => readFileSync(join(ROOT, 'guests/elf', `${name}.elf`));

describe('cancel', () => {
  it(
    'is final, also after a restart, and provers stop within an interval',
    async () => {
      const jobId = await network.proving(known.request);
      await expect(network.client.cancel(jobId, 'not wanted')).resolves.toMatchObject({ state: 'cancelled' });
      await new Promise((resolve) => setTimeout(resolve, 2 * HEARTBEAT_MS));
      const provers = await network.client.provers();
      expect(provers.map(({ state }) => state)).toEqual(['Idle', 'Idle']);
      await network.coordinator.stop('SIGKILL');
      await network.startCoordinator();
      await expect(network.client.get(jobId)).resolves.toMatchObject({ state: 'cancelled' });
    },
    DEADLINE_MS,
  );
});

describe('a deadline', () => {
  it(
    'ends a job that nobody can finish in time, with the reason',
    async () => {
      const { jobId } = await network.client.submit({ ...known.request, deadlineMs: 300 });
      await expect(network.client.wait(jobId)).resolves.toMatchObject({
        state: 'failed',
        failure: { code: 'DEADLINE_EXCEEDED' },
      });
    },
    DEADLINE_MS,
  );
});

describe('SIGTERM', () => {
  it(
    'lets a prover finish and deliver what it works on; nothing of it is made again',
    async () => {
      const jobId = await network.proving(known.request);
      const leaving = network.provers.get('a');
      const exit = await leaving?.stop('SIGTERM');
      expect(exit).toMatchObject({ code: 0 });
      figure('drain of a prover', exit?.afterMs ?? Number.NaN);
      await expect(network.proofOf(jobId)).resolves.toEqual(known.proof);
      const made = [...network.provers.values()].flatMap((prover) => network.made(prover, jobId));
      expect(made.length).toBe(new Set(made).size);
    },
    DEADLINE_MS,
  );

  it(
    'lets every program be replaced one after the other while a job runs, on the same ports',
    async () => {
      const jobId = await network.proving(known.request);
      const exit = await network.coordinator.stop('SIGTERM');
      expect(exit).toMatchObject({ code: 0 });
      figure('drain of the coordinator', exit.afterMs);
      await network.startCoordinator();
      for (const id of ['a', 'b']) {
        await network.provers.get(id)?.stop('SIGTERM');
        await network.addProver(id);
      }
      await expect(network.proofOf(jobId)).resolves.toEqual(known.proof);
    },
    DEADLINE_MS,
  );
});

describe('drain by an operator', () => {
  it(
    'sends a prover home when its work is done, and the job goes on without it',
    async () => {
      const jobId = await network.proving(known.request);
      await expect(network.cli('drain', 'a', '--url', network.url)).resolves.toMatchObject({
        code: 0,
        facts: { draining: ['a'] },
      });
      await expect(network.provers.get('a')?.exited).resolves.toMatchObject({ code: 0 });
      await expect(network.proofOf(jobId)).resolves.toEqual(known.proof);
    },
    DEADLINE_MS,
  );
});

describe('a second coordinator on the same data directory', () => {
  it(
    'is refused with what to do, and the first is not disturbed',
    async () => {
      const args = ['--host', '127.0.0.1', '--http-host', '127.0.0.1', '--port', '0', '--http-port', '0'];
      const second = Program.start('dist/coordinator/main.js', [...args, '--data-dir', network.dataDir]);
      await expect(second.exited).resolves.toMatchObject({ code: 1 });
      expect(second.errors.join('')).toContain('another data directory');
      await expect(network.client.status()).resolves.toMatchObject({ totalProvers: 2 });
    },
    DEADLINE_MS,
  );
});

describe('a second prover of one name', () => {
  it(
    'is refused with an exit code of its own, again and again, and the first is not disturbed',
    async () => {
      const jobId = await network.proving(known.request);
      const args = ['--url', network.url, '--id', 'a', '--compute-units', '1', '--data-dir'];
      for (const attempt of ['1', '2', '3']) {
        const second = Program.start('dist/prover/main.js', [...args, join(network.folder, `again-${attempt}`)]);
        await expect(second.exited).resolves.toMatchObject({ code: 3 });
      }
      expect(network.provers.get('a')?.lines.filter(({ message }) => message === 'connected')).toHaveLength(1);
      await expect(network.proofOf(jobId)).resolves.toEqual(known.proof);
    },
    DEADLINE_MS,
  );
});

describe('a guest that', () => {
  it.each([
    ['never ends', 'endless-loop', 'cycles'],
    ['reads beyond its memory', 'out-of-bounds', 'unmapped'],
    ['traps', 'trap', 'instruction'],
    ['writes too much', 'huge-output', 'output'],
  ])(
    "%s fails its job with the guest's own reason, and the provers are well",
    async (_what, name, reason) => {
      const { jobId } = await network.client.submit({ program: guest(name), input: new Uint8Array() });
      const job = await network.client.wait(jobId);
      expect(job).toMatchObject({ state: 'failed', failure: { code: 'GUEST_FAILED' } });
      expect(job.failure?.message).toContain(reason);
      const provers = await network.client.provers();
      expect(provers.map(({ state }) => state)).toEqual(['Idle', 'Idle']);
    },
    DEADLINE_MS,
  );
});
