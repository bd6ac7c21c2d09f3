import { OperatorClient } from '../../src/client/operator-client.js';
import { cleanUp } from '../support/program.js';
import { FaultNetwork, fibonacciInput, knownJob, DEADLINE_MS, type KnownJob } from './fault-network.js';

const SEGMENT_CYCLES = 1024;
/** Three segments and the boundary. */
const INPUT = fibonacciInput(200);

let known: KnownJob;
let network: FaultNetwork;
let operator: OperatorClient;

beforeAll(async () => {
  known = await knownJob('fibonacci', INPUT, SEGMENT_CYCLES);
  network = await FaultNetwork.start();
  operator = new OperatorClient(network.url);
  await network.addProvers('honest-1');
}, DEADLINE_MS);

afterAll(async () => {
  operator.close();
  await network.stop();
  cleanUp();
});

/** Proves the known job on an honest prover and one whose kernel is at fault, and says what was seen on the way. */
async function proveBeside(fault: string): Promise<{ readonly proof: string; readonly messages: readonly string[] }> {
  const faultyProver = await network.addProver(fault, {
    preload: { file: 'faulty-prover.mjs', environment: { FAULT_KIND: fault } },
  });
  const { jobId } = await network.client.submit({ ...known.request, computeCapacity: 2 });
  const messages = network.messages(jobId);
  try {
    const proof = await network.proofOf(jobId);
    await messages.until((text) => text.startsWith('completed'));
    return { proof, messages: messages.seen };
  } finally {
    await faultyProver.stop('SIGKILL');
  }
}

describe('a prover that', () => {
  it.each([
    ['commits to a wrong commitment', 'wrong_commitment'],
    ['commits to and proves the run on another input', 'other_input'],
  ])(
    '%s is quarantined, its contribution is replaced in another attempt, and the job completes',
    async (_what, fault) => {
      const { proof, messages } = await proveBeside(fault);
      expect(proof).toEqual(known.proof);
      expect(messages).toContain('attempt 2 begins');
      await expect(operator.quarantined()).resolves.toMatchObject([{ proverId: fault, reason: expect.any(String) }]);
      await expect(operator.release(fault)).resolves.toBe(true);
      await expect(operator.quarantined()).resolves.toEqual([]);
    },
    DEADLINE_MS,
  );

  it.each([
    ['proves other segments', 'other_segment'],
    ['tampers with its proofs', 'tampered'],
    ['sends garbage', 'garbage'],
    ['sends nothing as its proof', 'empty'],
  ])(
    '%s is quarantined, and the job completes in the same attempt',
    async (_what, fault) => {
      const { proof, messages } = await proveBeside(fault);
      expect(proof).toEqual(known.proof);
      expect(messages).not.toContain('attempt 2 begins');
      await expect(operator.quarantined()).resolves.toMatchObject([{ proverId: fault, reason: expect.any(String) }]);
      await expect(operator.release(fault)).resolves.toBe(true);
    },
    DEADLINE_MS,
  );

  it(
    'says that it is there but never delivers does not hold up the job: an idle one takes its segments as well',
    async () => {
      const { proof, messages } = await proveBeside('silence');
      expect(proof).toEqual(known.proof);
      expect(messages.some((text) => text.endsWith('to honest-1 as well'))).toBe(true);
      await expect(operator.quarantined()).resolves.toEqual([]);
    },
    DEADLINE_MS,
  );
});

describe('a task that kills whoever takes it', () => {
  it(
    'is quarantined after three provers, fails its job with the reason, and leaves other jobs alone',
    async () => {
      const preload = { file: 'faulty-prover.mjs', environment: { FAULT_KIND: 'dies' } } as const;
      await network.provers.get('honest-1')?.stop();
      for (const id of ['fragile-1', 'fragile-2', 'fragile-3']) await network.addProver(id, { preload });
      const { jobId } = await network.client.submit(known.request);
      const job = await network.client.wait(jobId);
      expect(job).toMatchObject({ state: 'failed', failure: { code: 'TASK_QUARANTINED' } });
      expect(job.failure?.message).toContain('prove/1/2');
      await network.addProver('honest-2');
      const { jobId: next } = await network.client.submit(known.request);
      await expect(network.proofOf(next)).resolves.toEqual(known.proof);
    },
    DEADLINE_MS,
  );
});
