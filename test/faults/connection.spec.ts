import { join } from 'node:path';
import { ProofloomClient } from '../../src/client/proofloom-client.js';
import { eventually } from '../support/calls.js';
import { cleanUp, ROOT } from '../support/program.js';
import { FaultNetwork, fibonacciInput, HEARTBEAT_MS, knownJob, DEADLINE_MS, type KnownJob } from './fault-network.js';
import { figure } from './figures.js';
import { TcpProxy, type Direction } from './tcp-proxy.js';

const SEGMENT_CYCLES = 1024;
const INPUT = fibonacciInput(200);

let known: KnownJob;
let network: FaultNetwork;
let proxy: TcpProxy;

beforeAll(async () => {
  known = await knownJob('fibonacci', INPUT, SEGMENT_CYCLES);
}, DEADLINE_MS);

/** A network whose only prover, `far`, is connected through the proxy. */
async function start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  network = await FaultNetwork.start(settings);
  proxy = await TcpProxy.to(network.address);
  await network.addProver('far', { url: proxy.url });
}

afterEach(async () => {
  await network.stop();
  await proxy.close();
});

afterAll(cleanUp);

/** Whether the coordinator counts the prover as connected. */
async function isListed(proverId: string): Promise<boolean> {
  const provers = await network.client.provers();
  return provers.some((prover) => prover.proverId === proverId && prover.state !== 'Disconnected');
}

describe('a connection of which only one direction works', () => {
  it.each([
    ['towards the coordinator', 'up'],
    ['towards the prover', 'down'],
  ] as [string, Direction][])(
    'is noticed by both ends when nothing passes %s, and the prover comes back when it works again',
    async (_what, direction) => {
      await start();
      const prover = network.provers.get('far');
      proxy.swallow(direction);
      const brokenAt = performance.now();
      await prover?.message('connection lost');
      figure(`half-open ${direction}: noticed by the prover after`, performance.now() - brokenAt);
      await eventually(async () => ((await isListed('far')) ? undefined : true), DEADLINE_MS);
      figure(`half-open ${direction}: noticed by the coordinator after`, performance.now() - brokenAt);
      proxy.heal();
      await eventually(async () => ((await isListed('far')) ? true : undefined), DEADLINE_MS);
      const { jobId } = await network.client.submit(known.request);
      await expect(network.proofOf(jobId)).resolves.toEqual(known.proof);
    },
    DEADLINE_MS,
  );
});

describe('a client whose line goes dead without a word', () => {
  it(
    'says so within a minute, and follows a job again when the line works',
    async () => {
      await start();
      const client = new ProofloomClient(proxy.url);
      try {
        await client.submit({ ...known.request, labels: { n: 'before' } });
        proxy.swallow('up', 'down');
        const large = { ...known.request, input: Buffer.alloc(2_000_000) };
        // Over the connection that stands, and over a new one that nobody answers.
        for (const dead of [client, new ProofloomClient(proxy.url)]) {
          await expect(dead.submit(large)).rejects.toMatchObject({ code: 'unreachable' });
        }
        // The command ends as well: the connection holds it no longer than its call.
        const command = await network.cli('submit', join(ROOT, 'guests/elf/fibonacci.elf'), '--url', proxy.url);
        expect(command).toMatchObject({ code: 1, facts: { error: { code: 'unreachable' } } });
        const { jobId } = await network.client.submit(known.request);
        const ended = client.wait(jobId);
        proxy.heal();
        await expect(ended).resolves.toMatchObject({ state: 'completed' });
      } finally {
        client.close();
      }
    },
    DEADLINE_MS,
  );
});

describe('an assignment that never arrives', () => {
  it(
    'is taken back and given out again when the connection has gone quiet before it',
    async () => {
      // Long heartbeats: the prover must not miss them before the job is planned and the assignment sent.
      await start({ DISTRIBUTED_HEARTBEAT_INTERVAL: '15s', DISTRIBUTED_LEASE: '30s' });
      proxy.swallow('down');
      const { jobId } = await network.client.submit(known.request);
      const messages = network.messages(jobId);
      await messages.until((text) => text.includes('to far'));
      await messages.until((text) => text.includes('of far ended:'));
      await network.addProver('near');
      await expect(network.proofOf(jobId)).resolves.toEqual(known.proof);
    },
    DEADLINE_MS,
  );
});

describe('a slow and broken line', () => {
  it(
    'delays a job, and neither loses nor repeats anything',
    async () => {
      await start();
      proxy.delay(HEARTBEAT_MS / 4);
      const jobId = await network.proving(known.request);
      proxy.cut();
      await network.provers.get('far')?.message('connection lost');
      proxy.heal();
      await expect(network.proofOf(jobId)).resolves.toEqual(known.proof);
      const made = network.made(network.provers.get('far'), jobId);
      expect(made.length).toBe(new Set(made).size);
    },
    DEADLINE_MS,
  );
});
