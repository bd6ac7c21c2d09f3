import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ProofloomClient } from '../../src/client/proofloom-client.js';
import { cleanUp, Program, scratchFolder } from '../support/program.js';
import { FaultNetwork, fibonacciInput, knownJob, DEADLINE_MS, type KnownJob } from './fault-network.js';

const SEGMENT_CYCLES = 1024;
const INPUT = fibonacciInput(200);
/** No file may grow beyond this: to the process, a disk without space. */
const FULL_BYTES = 1024;

let known: KnownJob;
let network: FaultNetwork;

beforeAll(async () => {
  known = await knownJob('fibonacci', INPUT, SEGMENT_CYCLES);
}, DEADLINE_MS);

beforeEach(async () => {
  network = await FaultNetwork.start();
}, DEADLINE_MS);

afterEach(async () => {
  await network.stop();
});

afterAll(cleanUp);

/** Limits the size of files that the coordinator may write; null lifts the limit. */
async function limitFiles(bytes: number | null): Promise<void> {
  const limit = bytes === null ? 'unlimited' : `${bytes}:unlimited`;
  await promisify(execFile)('prlimit', ['--pid', String(network.coordinator.pid), `--fsize=${limit}`]);
}

/** Every stored artifact's path. */
function artifacts(): string[] {
  const folder = join(network.dataDir, 'artifacts');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => join(parentPath, name));
}

describe('a disk without space', () => {
  it(
    'refuses new jobs with a clear error, and accepted ones complete when there is room again',
    async () => {
      await network.addProvers('a');
      const jobId = await network.proving(known.request);
      await limitFiles(FULL_BYTES);
      const refused = network.client.submit({ ...known.request, input: fibonacciInput(201) });
      await expect(refused).rejects.toMatchObject({ code: expect.stringMatching(/^(unreachable|busy|failed)$/) });
      await new Promise((resolve) => setTimeout(resolve, 5000));
      const now = await network.client.get(jobId).catch(() => null);
      expect(now?.state).not.toBe('completed');
      expect(now?.state).not.toBe('failed');
      await limitFiles(null);
      await expect(network.proofOf(jobId)).resolves.toEqual(known.proof);
    },
    DEADLINE_MS,
  );
});

describe('a data directory on a full disk of 9 MB', () => {
  it(
    'is said, and over when there is room',
    async () => {
      const folder = scratchFolder();
      // Without the right to mount there is no small disk to fill: that must show, not pass.
      await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', 'size=9m', 'tmpfs', folder]);
      const args = ['--host', '127.0.0.1', '--http-host', '127.0.0.1', '--port', '0', '--http-port', '0'];
      const start = () => Program.start('dist/coordinator/main.js', [...args, '--data-dir', folder]);
      let small = start();
      try {
        await small.message('ready');
        const filler = join(folder, 'filler');
        await promisify(execFile)('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k']).catch(() => undefined);
        await small.message('storage trouble');
        await expect(small.stop()).resolves.toMatchObject({ code: 0 });
        // A start on the full disk says the same.
        small = start();
        const { grpcPort, httpPort } = await small.message('ready');
        const health = () => fetch(`http://127.0.0.1:${String(httpPort)}/healthz`);
        await small.message('storage trouble');
        const unready = await health();
        expect(unready.status).toBe(503);
        await expect(unready.json()).resolves.toMatchObject({ status: 'unavailable', troubles: [expect.anything()] });
        const client = new ProofloomClient(`http://127.0.0.1:${String(grpcPort)}`);
        await expect(client.submit(known.request)).rejects.toMatchObject({
          code: 'busy',
          message: expect.stringContaining('make room on the disk'),
        });
        client.close();
        rmSync(filler);
        await small.message('storage trouble over');
        expect((await health()).status).toBe(200);
      } finally {
        await small.stop('SIGKILL');
        await promisify(execFile)('umount', [folder]);
      }
    },
    DEADLINE_MS,
  );
});

describe('a database that is moved away', () => {
  it(
    'is noticed at the next commit: nothing is accepted until it is back',
    async () => {
      const file = join(network.dataDir, 'coordinator.sqlite');
      await network.client.submit(known.request);
      renameSync(file, `${file}.away`);
      await expect(network.client.submit({ ...known.request, labels: { n: '2' } })).rejects.toMatchObject({
        message: expect.stringContaining('moved or removed'),
      });
      renameSync(`${file}.away`, file);
      await network.addProvers('a');
      const { jobId } = await network.client.submit({ ...known.request, labels: { n: '3' } });
      await expect(network.proofOf(jobId)).resolves.toEqual(known.proof);
    },
    DEADLINE_MS,
  );
});

describe('an artifact', () => {
  it(
    'of a proven segment that is gone from the disk is proven again',
    async () => {
      await network.addProvers('a');
      const { jobId } = await network.client.submit(known.request);
      await network.until(jobId, ({ progress }) => (progress?.prove.done ?? 0) > 0);
      for (const path of artifacts().filter(isProof)) rmSync(path);
      await expect(network.proofOf(jobId)).resolves.toEqual(known.proof);
    },
    DEADLINE_MS,
  );

  it(
    'of a proven segment whose bytes have changed on the disk is replaced and proven again',
    async () => {
      await network.addProvers('a');
      const { jobId } = await network.client.submit(known.request);
      await network.until(jobId, ({ progress }) => (progress?.prove.done ?? 0) > 0);
      for (const path of artifacts().filter(isProof)) {
        const bytes = readFileSync(path);
        bytes.writeUInt8(bytes.readUInt8(1000) ^ 1, 1000);
        writeFileSync(path, bytes);
      }
      await expect(network.proofOf(jobId)).resolves.toEqual(known.proof);
    },
    DEADLINE_MS,
  );
});

/** Proofs of segments are larger than programs and inputs. */
function isProof(path: string): boolean {
  try {
    return readFileSync(path).length > 500_000;
  } catch {
    return false;
  }
}
