import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentials, status, type ClientDuplexStream, type ServiceError } from '@grpc/grpc-js';
import { ArtifactClient } from '../../src/client/artifact-client.js';
import { targetOf } from '../../src/client/channel.js';
import { ArtifactsClient, type PutRequest, type PutResponse } from '../../src/wire/generated/proofloom/v1/artifacts.js';
import {
  JobState,
  ProofsClient,
  SubmitRequest,
  type ListResponse,
  type SubmitResponse,
  type WatchResponse,
} from '../../src/wire/generated/proofloom/v1/proofs.js';
import {
  ZiskDistributedApiClient,
  type CoordinatorMessage,
  type JobsListResponse,
  type LaunchProofResponse,
  type ProverMessage,
} from '../../src/wire/generated/zisk_distributed_api.js';
import { answer, eventually } from '../support/calls.js';
import { cleanUp, Program, ROOT, scratchFolder } from '../support/program.js';

const COORDINATOR = 'dist/coordinator/main.js';
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let coordinator: Program;
let address: string;
let folder: string;

beforeAll(async () => {
  folder = scratchFolder();
  mkdirSync(join(folder, 'inputs'));
  mkdirSync(join(folder, 'inputs', 'folder'));
  writeFileSync(join(folder, 'inputs', 'good.bin'), 'x');
  writeFileSync(join(folder, 'secret.bin'), 'x');
  symlinkSync(join(folder, 'secret.bin'), join(folder, 'inputs', 'link.bin'));
  coordinator = Program.start(
    COORDINATOR,
    [
      '--host',
      '127.0.0.1',
      '--http-host',
      '127.0.0.1',
      '--port',
      '0',
      '--http-port',
      '0',
      '--data-dir',
      join(folder, 'data'),
    ],
    { DISTRIBUTED_INPUT_ROOTS: join(folder, 'inputs'), DISTRIBUTED_PROGRAM: join(ROOT, 'guests/elf/fibonacci.elf') },
  );
  const { grpcPort } = await coordinator.message('ready');
  address = `127.0.0.1:${String(grpcPort)}`;
});

afterAll(async () => {
  await coordinator.stop();
  cleanUp();
});

describe('Artifacts', () => {
  it('go up and come down in chunks, whole', async () => {
    const client = new ArtifactClient(targetOf(`http://${address}`));
    const bytes = Buffer.alloc(3_000_000, 'some bytes ');
    const ref = await client.upload(bytes);
    expect(ref).toEqual({ sha256: digestOf(bytes), size: bytes.length });
    expect(Buffer.from(await client.download(ref.sha256)).equals(bytes)).toBe(true);
    await expect(client.upload(bytes)).resolves.toEqual(ref);
    client.close();
  });

  it.each([
    ['another digest than declared', [declare('b'.repeat(64), 4), chunk('data')], status.INVALID_ARGUMENT],
    ['more bytes than declared', [declare(digestOf(Buffer.from('data')), 3), chunk('data')], status.INVALID_ARGUMENT],
    ['more than the limit', [declare('c'.repeat(64), 2 ** 40)], status.RESOURCE_EXHAUSTED],
    ['bytes before the declaration', [chunk('data')], status.INVALID_ARGUMENT],
    ['nothing', [], status.INVALID_ARGUMENT],
  ])('refuse %s, and the coordinator lives', async (_what, messages, code) => {
    const client = new ArtifactsClient(address, credentials.createInsecure());
    const refusal = answer<PutResponse>((done) => {
      const call = client.put(done);
      for (const message of messages) call.write(message);
      call.end();
    });
    await expect(refusal).rejects.toMatchObject({ code });
    await expect(answer((done) => client.stat({ sha256: 'd'.repeat(64) }, done))).resolves.toMatchObject({
      exists: false,
    });
    client.close();
  });

  it('that are not there are NOT_FOUND, and a digest that is none is named', async () => {
    const client = new ArtifactsClient(address, credentials.createInsecure());
    await expect(drained(client.get({ sha256: 'e'.repeat(64), offset: 0n }))).rejects.toMatchObject({
      code: status.NOT_FOUND,
    });
    await expect(answer((done) => client.stat({ sha256: '../x' }, done))).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'sha256 is "../x". sha256 must be 64 lower-case hexadecimal digits',
    });
    client.close();
  });
});

describe('Proofs', () => {
  let proofs: ProofsClient;
  let program: string;

  beforeAll(async () => {
    proofs = new ProofsClient(address, credentials.createInsecure());
    const artifacts = new ArtifactClient(targetOf(`http://${address}`));
    program = (await artifacts.upload(Buffer.from('not an ELF'))).sha256;
    artifacts.close();
  });

  afterAll(() => proofs.close());

  const submit = (request: Partial<SubmitRequest>) =>
    answer<SubmitResponse>((done) => proofs.submit(SubmitRequest.create({ programDigest: program, ...request }), done));

  it('ends a job whose program cannot run, tells why, and its watchers see it end', async () => {
    const { jobId } = await submit({});
    const seen = await drained<WatchResponse>(proofs.watch({ jobId, afterSequence: 0n }));
    expect(seen.map(({ message }) => message)).toEqual([
      'accepted',
      'running the program once',
      expect.stringMatching(/^failed: /),
    ]);
    expect(seen.at(-1)?.job).toMatchObject({ state: JobState.JOB_STATE_FAILED, failure: { code: 'GUEST_FAILED' } });
    const again = await drained<WatchResponse>(proofs.watch({ jobId, afterSequence: 2n }));
    expect(again.map(({ sequence }) => sequence)).toEqual([3n]);
  });

  it('is one job for one key, and another request under the key names the field', async () => {
    const first = await submit({ idempotencyKey: 'k1', labels: { a: 'b' } });
    await expect(submit({ idempotencyKey: 'k1', labels: { a: 'b' } })).resolves.toEqual({ ...first, existing: true });
    await expect(submit({ idempotencyKey: 'k1', priority: 3, labels: { a: 'b' } })).rejects.toMatchObject({
      code: status.ALREADY_EXISTS,
      details: expect.stringContaining('priority'),
    });
  });

  it.each([
    ['program_digest', { programDigest: 'x' }],
    ['program_digest', { programDigest: 'f'.repeat(64) }],
    ['segment_cycles', { segmentCycles: 2 ** 31 }],
    ['input_inline', { input: { $case: 'inputInline' as const, value: new Uint8Array(65_537) } }],
    ['limits.maxCycles', { limits: { maxCycles: 2n ** 60n, maxMemoryBytes: 0, maxOutputBytes: 0 } }],
  ])('refuses a wrong %s, naming the field', async (field, request) => {
    await expect(submit(request)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining(field),
    });
  });

  it('lists pages, newest first', async () => {
    await submit({ labels: { page: '1' } });
    const { jobId } = await submit({ labels: { page: '1' } });
    const list = (pageToken: string) =>
      answer<ListResponse>((done) => proofs.list({ states: [], labels: { page: '1' }, pageSize: 1, pageToken }, done));
    const first = await list('');
    expect(first.jobs.map((job) => job.jobId)).toEqual([jobId]);
    const second = await list(first.nextPageToken);
    expect(second).toMatchObject({ jobs: [{ labels: { page: '1' } }], nextPageToken: '' });
  });

  it('that are not there are NOT_FOUND on each kind of call', async () => {
    const missing = { code: status.NOT_FOUND };
    await expect(answer((done) => proofs.get({ jobId: 'nope' }, done))).rejects.toMatchObject(missing);
    await expect(answer((done) => proofs.cancel({ jobId: 'nope', reason: '' }, done))).rejects.toMatchObject(missing);
    await expect(drained(proofs.watch({ jobId: 'nope', afterSequence: 0n }))).rejects.toMatchObject(missing);
  });
});

describe('the published interface', () => {
  let api: ZiskDistributedApiClient;

  beforeAll(() => {
    api = new ZiskDistributedApiClient(address, credentials.createInsecure());
  });

  afterAll(() => api.close());

  const launch = (computeCapacity: number, inputPath: string) =>
    answer<LaunchProofResponse>((done) =>
      api.launchProof({ blockId: 'b', computeCapacity, inputPath, simulatedNode: undefined }, done),
    );

  it.each([
    [0, '../x', 'INVALID_ARGUMENT'],
    [1, '../secret.bin', 'INPUT_NOT_ALLOWED'],
    [1, '/etc/passwd', 'INPUT_NOT_ALLOWED'],
    [1, 'link.bin', 'INPUT_NOT_ALLOWED'],
    [1, 'folder', 'INPUT_NOT_ALLOWED'],
    [1, 'none.bin', 'INPUT_NOT_FOUND'],
    [1, 'good.bin', 'PROVER_UNAVAILABLE'],
  ])('LaunchProof of capacity %d and input %s answers %s', async (capacity, inputPath, code) => {
    await expect(launch(capacity, inputPath)).resolves.toMatchObject({ result: { $case: 'error', value: { code } } });
  });

  it('answers JOB_NOT_FOUND as its ErrorResponse', async () => {
    await expect(answer((done) => api.jobStatus({ jobId: 'job_123' }, done))).resolves.toMatchObject({
      result: { $case: 'error', value: { code: 'JOB_NOT_FOUND' } },
    });
  });

  it('lists jobs newest first, in its own words', async () => {
    const { result } = await answer<JobsListResponse>((done) => api.jobsList({ activeOnly: false }, done));
    const [newest] = result?.$case === 'jobsList' ? result.value.jobs : [];
    expect(newest).toMatchObject({ state: 'Failed', phase: '', blockId: '', simulated: false });
  });

  describe('ProverStream', () => {
    const opened: ClientDuplexStream<ProverMessage, CoordinatorMessage>[] = [];

    afterEach(() => {
      for (const stream of opened.splice(0)) stream.cancel();
    });

    function open(call: 'proverStream' | 'workerStream' = 'proverStream') {
      const stream = api[call]();
      opened.push(stream);
      const received: NonNullable<CoordinatorMessage['payload']>[] = [];
      stream.on('data', ({ payload }: CoordinatorMessage) => payload && received.push(payload));
      const over = new Promise<ServiceError | null>((resolve) => {
        stream.on('error', resolve);
        stream.on('end', () => resolve(null));
      });
      const headers = new Promise((resolve) => stream.once('metadata', resolve));
      const registerAs = (proverId: string, computeUnits = 1) =>
        stream.write({
          payload: {
            $case: 'register',
            value: { proverId, computeCapacity: { computeUnits }, description: undefined },
          },
        });
      return { stream, received, over, headers, registerAs };
    }

    it.each(['proverStream', 'workerStream'] as const)(
      '%s sends headers before the first message and registers',
      async (call) => {
        const { headers, registerAs, received } = open(call);
        await headers;
        registerAs('p1', 2);
        const response = await eventually(() => received[0]);
        expect(response).toMatchObject({ $case: 'registerResponse', value: { proverId: 'p1', accepted: true } });
        const list = await answer((done) => api.proversList({ availableOnly: false, after: '' }, done));
        expect(list).toMatchObject({
          result: { value: { provers: [{ proverId: 'p1', state: 'Idle', computeCapacity: { computeUnits: 2 } }] } },
        });
      },
    );

    it.each([
      ['a first message that does not register', { $case: 'heartbeatAck', value: { proverId: 'p', heldGrants: [] } }],
      ['a name that is none', { $case: 'register', value: { proverId: '../x', computeCapacity: { computeUnits: 1 } } }],
      ['no compute units', { $case: 'register', value: { proverId: 'p', computeCapacity: undefined } }],
    ])('closes on %s with INVALID_ARGUMENT', async (_what, payload) => {
      const { stream, over } = open();
      stream.write({ payload } as ProverMessage);
      await expect(over).resolves.toMatchObject({ code: status.INVALID_ARGUMENT });
    });

    it('closes when a prover registers twice, or speaks for another', async () => {
      const twice = open();
      twice.registerAs('p2');
      twice.registerAs('p2');
      await expect(twice.over).resolves.toMatchObject({ code: status.INVALID_ARGUMENT });
      const other = open();
      other.registerAs('p3');
      other.stream.write({ payload: { $case: 'heartbeatAck', value: { proverId: 'p4', heldGrants: [] } } });
      await expect(other.over).resolves.toMatchObject({
        code: status.INVALID_ARGUMENT,
        details: expect.stringContaining('prover_id'),
      });
    });

    it('closes the older of two streams with one name, and says why', async () => {
      const older = open();
      older.registerAs('p5');
      await eventually(() => older.received[0]);
      const newer = open();
      newer.registerAs('p5');
      await expect(older.over).resolves.toMatchObject({ code: status.ABORTED });
      expect(older.received.at(-1)).toMatchObject({
        $case: 'shutdown',
        value: { reason: expect.stringContaining('p5') },
      });
      await expect(eventually(() => newer.received[0])).resolves.toMatchObject({ value: { accepted: true } });
    });

    it('refuses a prover with another kernel, naming both', async () => {
      const { stream, received, over } = open();
      const description = {
        protocolVersion: 1,
        softwareVersion: 'x',
        kernelDigest: 'other',
        features: [],
        heldGrants: [],
      };
      const more = { unacknowledgedResults: [], hostname: 'h', pid: 1, instance: '' };
      const value = { proverId: 'p6', computeCapacity: { computeUnits: 1 }, description: { ...description, ...more } };
      stream.write({ payload: { $case: 'register', value } });
      await expect(over).resolves.toBeNull();
      expect(received).toMatchObject([
        { value: { accepted: false, message: expect.stringContaining("the prover's kernel is other") } },
      ]);
    });

    it('closes a stream on which nothing comes', async () => {
      const { over } = open();
      await expect(over).resolves.toMatchObject({ code: status.DEADLINE_EXCEEDED });
    });
  });
});

function declare(sha256: string, size: number): PutRequest {
  return { part: { $case: 'declaration', value: { sha256, size: BigInt(size), kind: 0 } } };
}

function chunk(text: string): PutRequest {
  return { part: { $case: 'chunk', value: Buffer.from(text) } };
}

async function drained<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of stream) all.push(message);
  return all;
}
