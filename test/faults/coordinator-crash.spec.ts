import { rmSync } from 'node:fs';
import { SeededRandom } from '../simulation/seeded-random.js';
import { cleanUp } from '../support/program.js';
import { FaultNetwork, fibonacciInput, knownJob, DEADLINE_MS, type KnownJob } from './fault-network.js';
import { figure } from './figures.js';

const SEGMENT_CYCLES = 1024;
const INPUT = fibonacciInput(1000);
const SMALL_INPUT = fibonacciInput(200);
const KILLS = 20;
/** Between a start and the next kill, drawn evenly. */
const LONGEST_LIFE_MS = 3000;

let known: KnownJob;
let small: KnownJob;

beforeAll(async () => {
  known = await knownJob('fibonacci', INPUT, SEGMENT_CYCLES);
  small = await knownJob('fibonacci', SMALL_INPUT, SEGMENT_CYCLES);
}, DEADLINE_MS);

afterAll(cleanUp);

interface Restart {
  /** From the start of the process to the moment it accepts calls. */
  readonly readyMs: number;
  /** From then to the moment all its provers are back. */
  readonly backMs: number;
}

async function restart(network: FaultNetwork): Promise<Restart> {
  const begunMs = performance.now();
  const before = connections(network);
  await network.startCoordinator();
  const readyMs = performance.now();
  while (connections(network) < before + network.provers.size) await new Promise((resolve) => setTimeout(resolve, 10));
  return { readyMs: readyMs - begunMs, backMs: performance.now() - readyMs };
}

function connections({ provers }: FaultNetwork): number {
  const of = [...provers.values()].map(({ lines }) => lines.filter(({ message }) => message === 'connected').length);
  return of.reduce((sum, count) => sum + count, 0);
}

describe('a coordinator killed again and again', () => {
  it(
    `at ${KILLS} random instants goes on with the job each time, and the final proof is the same`,
    async () => {
      const network = await FaultNetwork.start();
      await network.addProvers('a', 'b', 'c');
      const { jobId } = await network.client.submit({ ...known.request, idempotencyKey: 'crash' });
      const seed = Date.now();
      figure('seed of the kills', seed);
      const random = new SeededRandom(seed);
      const restarts: Restart[] = [];
      for (let kill = 0; kill < KILLS; kill += 1) {
        await new Promise((resolve) => setTimeout(resolve, random.between(0, LONGEST_LIFE_MS)));
        await network.coordinator.stop('SIGKILL');
        restarts.push(await restart(network));
      }
      const slowest = (time: (one: Restart) => number) => Math.max(...restarts.map(time));
      figure(
        'slowest start of a killed coordinator',
        slowest(({ readyMs }) => readyMs),
      );
      figure(
        'slowest return of all provers to it once it was ready',
        slowest(({ backMs }) => backMs),
      );
      figure(
        'coordinator restart to provers back at work, slowest',
        slowest(({ readyMs, backMs }) => readyMs + backMs),
      );
      await expect(network.proofOf(jobId)).resolves.toEqual(known.proof);
      // The same request under the same key is the same job, whatever happened to its answer.
      await expect(network.client.submit({ ...known.request, idempotencyKey: 'crash' })).resolves.toEqual({
        jobId,
        existing: true,
      });
      const made = [...network.provers.values()].flatMap((prover) => network.made(prover, jobId));
      figure('tasks made twice because of it', made.length - new Set(made).size);
      await network.stop();
    },
    2 * DEADLINE_MS,
  );
});

describe('a coordinator killed', () => {
  it.each([
    ['before a commit', 'before_commit', 4],
    ['before a later commit', 'before_commit', 8],
    ['after a commit', 'after_commit', 4],
    ['after a later commit', 'after_commit', 8],
    ['after it has sent an assignment', 'after_send', 1],
    ['after it has sent a later assignment', 'after_send', 2],
    ['while it renames an artifact', 'artifact_rename', 3],
    ['while it verifies a proof', 'verification', 1],
  ])(
    '%s goes on where it was',
    async (_when, point, nth) => {
      const network = await FaultNetwork.start();
      await network.coordinator.stop();
      const environment = { FAULT_AT: point, FAULT_NTH: String(nth) };
      await network.startCoordinator({ file: 'dying-coordinator.mjs', environment });
      await network.addProvers('a', 'b');
      // The submission may be what is interrupted: a client that does not know asks again under its key.
      const request = { ...small.request, idempotencyKey: 'once' };
      const submitted = network.client.submit(request).catch(() => null);
      await expect(network.coordinator.exited).resolves.toMatchObject({ signal: 'SIGKILL' });
      await submitted;
      await network.startCoordinator();
      const { jobId } = await network.client.submit(request);
      await expect(network.proofOf(jobId)).resolves.toEqual(small.proof);
      await network.stop();
    },
    DEADLINE_MS,
  );

  it(
    'in the middle of making its database makes it again',
    async () => {
      const network = await FaultNetwork.start();
      await network.coordinator.stop();
      rmSync(network.dataDir, { recursive: true });
      network.launchCoordinator({
        file: 'dying-coordinator.mjs',
        environment: { FAULT_AT: 'migration', FAULT_NTH: '1' },
      });
      await expect(network.coordinator.exited).resolves.toMatchObject({ signal: 'SIGKILL' });
      await network.startCoordinator();
      await network.addProvers('a');
      const { jobId } = await network.client.submit(small.request);
      await expect(network.proofOf(jobId)).resolves.toEqual(small.proof);
      await network.stop();
    },
    DEADLINE_MS,
  );
});
