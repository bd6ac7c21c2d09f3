import type { JobPhaseName } from '../../src/client/job.js';
import { eventually } from '../support/calls.js';
import { cleanUp, type Program } from '../support/program.js';
import {
  FaultNetwork,
  fibonacciInput,
  GRACE_MS,
  HEARTBEAT_MS,
  knownJob,
  LEASE_MS,
  DEADLINE_MS,
  type JobMessages,
  type KnownJob,
} from './fault-network.js';
import { figure } from './figures.js';

const SEGMENT_CYCLES = 512;
/** Five segments and the boundary. */
const INPUT = fibonacciInput(200);

let known: KnownJob;
let network: FaultNetwork;

beforeAll(async () => {
  known = await knownJob('fibonacci', INPUT, SEGMENT_CYCLES);
  network = await FaultNetwork.start();
}, DEADLINE_MS);

afterAll(async () => {
  await network.stop();
  cleanUp();
});

beforeEach(async () => {
  await network.addProvers('a', 'b', 'c');
}, DEADLINE_MS);

afterEach(async () => {
  for (const [id, prover] of network.provers) {
    await prover.stop('SIGKILL');
    network.provers.delete(id);
  }
}, DEADLINE_MS);

const KIND = { contribution: 'contribute', prove: 'prove', aggregate: 'aggregate' } as const;

/** The first prover that says it begins work of the phase. */
async function firstBusyIn(phase: JobPhaseName, jobId: string): Promise<Program> {
  return eventually(() => [...network.provers.values()].find((prover) => hasBegun(prover, phase, jobId)), DEADLINE_MS);
}

function hasBegun(prover: Program, phase: JobPhaseName, jobId: string): boolean {
  const begins = prover.lines.filter(({ message, job }) => message === 'work begins' && job === jobId);
  return begins.some(({ first }) => String(first).startsWith(KIND[phase]));
}

/** The name of a prover that is busy proving, and the job's events; a fourth prover has nothing to do yet. */
async function busyBesideSpare(): Promise<{ jobId: string; victimId: string; victim: Program; messages: JobMessages }> {
  await network.addProver('spare');
  const { jobId } = await network.client.submit({ ...known.request, computeCapacity: 3 });
  const victim = await firstBusyIn('prove', jobId);
  const [victimId = ''] = [...network.provers].find(([, prover]) => prover === victim) ?? [];
  return { jobId, victimId, victim, messages: network.messages(jobId) };
}

/** Resolves once an assignment of the prover has ended for one of these causes, and what it held is assigned to another. */
async function reassigned(messages: JobMessages, victimId: string, causes: string): Promise<void> {
  const ends = new RegExp(`of ${victimId} ended: (${causes})`);
  const ended = await messages.until((text) => ends.test(text));
  await messages.until((text) => / prove tasks to /.test(text) && !text.includes(`to ${victimId}`), ended);
}

function madeByAll(jobId: string): string[] {
  return [...network.provers.values()].flatMap((prover) => network.made(prover, jobId));
}

describe('a prover killed in the middle of its work', () => {
  it.each(['contribution', 'prove', 'aggregate'] as const)(
    'in phase %s costs its unfinished segments and nothing else; the final proof is the same',
    async (phase) => {
      const { jobId } = await network.client.submit(known.request);
      const victim = await firstBusyIn(phase, jobId);
      await victim.stop('SIGKILL');
      const lostAt = performance.now();
      await expect(network.client.get(jobId)).resolves.not.toMatchObject({ state: 'completed' });
      await expect(network.proofOf(jobId)).resolves.toEqual(known.proof);
      figure(`killed in ${phase}: job completed after`, performance.now() - lostAt);

      const tasks = madeByAll(jobId);
      const twice = tasks.filter((task, index) => tasks.indexOf(task) !== index);
      figure(`killed in ${phase}: tasks made twice`, twice.length);
      // What the dead prover had finished is kept: nobody made it again, except what it may not have delivered yet.
      const finished = network.made(victim, jobId);
      expect(twice.filter((task) => !finished.slice(-1).includes(task))).toEqual([]);
    },
    DEADLINE_MS,
  );

  it(
    'is found by its connection: its work is assigned elsewhere within the grace and a second',
    async () => {
      const { jobId, victimId, victim, messages } = await busyBesideSpare();
      await victim.stop('SIGKILL');
      const lostAt = performance.now();
      await reassigned(messages, victimId, 'disconnected');
      figure(`connection loss to re-assignment (grace: ${GRACE_MS})`, performance.now() - lostAt);
      await expect(network.proofOf(jobId)).resolves.toEqual(known.proof);
    },
    DEADLINE_MS,
  );
});

describe('a prover stopped for longer than two leases', () => {
  it(
    'loses its work to others, and when it goes on its late reports change nothing',
    async () => {
      const { jobId, victimId, victim, messages } = await busyBesideSpare();
      victim.signal('SIGSTOP');
      const stoppedAt = performance.now();
      await reassigned(messages, victimId, 'disconnected|lease_expired|not_held');
      figure(
        `silence to re-assignment (heartbeat: ${HEARTBEAT_MS}, lease: ${LEASE_MS})`,
        performance.now() - stoppedAt,
      );
      await new Promise((resolve) => setTimeout(resolve, 2 * LEASE_MS));
      victim.signal('SIGCONT');
      await expect(network.proofOf(jobId)).resolves.toEqual(known.proof);
      const provers = await network.client.provers();
      expect(provers.map(({ proverId }) => proverId).toSorted()).toEqual(['a', 'b', 'c', 'spare']);
    },
    DEADLINE_MS,
  );
});
