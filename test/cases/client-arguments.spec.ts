import { ArtifactClient } from '../../src/client/artifact-client.js';
import { targetOf } from '../../src/client/channel.js';
import { ArgumentError, OperatorClient, ProofloomClient, type Job, type ListOptions } from '../../src/client/index.js';
import { commandLine } from '../support/command-line.js';
import { ScriptedKernel } from '../support/scripted-kernel.js';

/** Nothing is sent in these tests, so nobody needs to be there. */
const URL_OF_NOBODY = 'http://127.0.0.1:9';
const PROGRAM = new Uint8Array([1]);

const client = new ProofloomClient(URL_OF_NOBODY);
const operator = new OperatorClient(URL_OF_NOBODY);
const artifacts = new ArtifactClient(targetOf(URL_OF_NOBODY));

afterAll(() => {
  for (const open of [client, operator, artifacts]) open.close();
});

/** As applications without types call: anything may come. */
const untyped = <T>(value: unknown): T => value as T;
const request = (fields: object) => untyped<{ program: Uint8Array }>({ program: PROGRAM, ...fields });
const drained = async (steps: AsyncIterable<unknown>) => {
  for await (const step of steps) throw new Error(`there should be nothing, not ${String(step)}`);
};

const WRONG: readonly [field: string, message: string, call: () => Promise<unknown>][] = [
  [
    'program',
    'a Uint8Array with the bytes themselves, and is "x.elf"',
    () => client.prove(request({ program: 'x.elf' })),
  ],
  ['program', 'and is undefined', () => client.submit(untyped({ elf: PROGRAM }))],
  ['program', 'and is of the type ArrayBuffer', () => client.submit(request({ program: new ArrayBuffer(1) }))],
  ['request', 'and is of the type Uint8Array', () => client.submit(untyped(PROGRAM))],
  ['request', 'and is undefined', () => client.submit(untyped(undefined))],
  ['input', 'and is 1000', () => client.submit(request({ input: 1000 }))],
  ['idempotencyKey', 'a string of at most 256', () => client.submit(request({ idempotencyKey: 'k'.repeat(257) }))],
  ['computeCapacity', 'from 1 to 10000, and is 1.5', () => client.submit(request({ computeCapacity: 1.5 }))],
  ['priority', 'from -100 to 100, and is 101', () => client.submit(request({ priority: 101 }))],
  ['deadlineMs', 'and is -1', () => client.submit(request({ deadlineMs: -1 }))],
  ['deadlineMs', 'and is NaN', () => client.submit(request({ deadlineMs: Number.NaN }))],
  ['segmentCycles', 'from 256 to 262143, and is 255', () => client.submit(request({ segmentCycles: 255 }))],
  ['maxCycles', 'a bigint from 0n', () => client.submit(request({ maxCycles: 100 }))],
  ['labels', 'an object of strings', () => client.submit(request({ labels: ['a'] }))],
  ['labels.team', 'a string, and is 7', () => client.submit(request({ labels: { team: 7 } }))],
  ['onUpdate', 'a function', () => client.prove(request({}), untyped('show'))],
  [
    'signal',
    'an AbortSignal, and is of the type AbortController',
    () => client.wait('j', untyped(undefined), untyped(new AbortController())),
  ],
  ['jobId', 'and is undefined', () => client.get(untyped(undefined))],
  ['jobId', 'and is of the type Object', () => client.wait(untyped({ jobId: 'j' }))],
  ['jobId', 'and is "a b"', () => client.cancel('a b')],
  ['reason', 'and is 5', () => client.cancel('j', untyped(5))],
  ['jobId', 'and is ""', () => drained(client.watch(''))],
  ['after', 'and is -1', () => drained(client.watch('j', { after: -1 }))],
  ['states', 'and is "running"', () => drained(client.list(untyped<ListOptions>({ states: 'running' })))],
  [
    'states',
    'of queued, planning, running, completed, failed, cancelled, and is "done"',
    () => drained(client.list(untyped<ListOptions>({ states: ['queued', 'done'] }))),
  ],
  ['labels.a', 'and is null', () => drained(client.list(untyped<ListOptions>({ labels: { a: null } })))],
  [
    'job',
    'a job as get, wait and prove return it (get takes its id), and is "j"',
    () => client.downloadProof(untyped<Job>('j')),
  ],
  ['job', 'and is of the type Promise', () => client.downloadProof(untyped<Job>(Promise.resolve()))],
  ['job.proof.sha256', 'and is "ABC"', () => client.downloadProof(untyped<Job>({ id: 'j', proof: { sha256: 'ABC' } }))],
  ['availableOnly', 'and is "yes"', () => client.provers(untyped('yes'))],
  ['proverId', 'and is "-"', () => operator.drain('-')],
  ['proverId', 'and is ""', () => operator.release('')],
  ['bytes', 'and is "text"', () => artifacts.upload(untyped('text'))],
  ['sha256', 'a SHA-256 digest', () => artifacts.download('abc')],
];

describe('a client', () => {
  it.each(WRONG)('[case: client-bad-program] rejects a wrong %s (%s) by its name', async (field, message, call) => {
    const failure: unknown = await call().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TypeError);
    expect(failure).toBeInstanceOf(ArgumentError);
    expect(failure).toMatchObject({ field });
    expect((failure as Error).message).toMatch(`${field} must be `);
    expect((failure as Error).message).toContain(message);
  });

  it.each(['127.0.0.1:8080', 'https://', 'ftp://a', '', undefined, 8080])('has no address %p', (url) => {
    for (const Client of [ProofloomClient, OperatorClient]) {
      expect(() => new Client(untyped(url))).toThrow(TypeError);
      expect(() => new Client(untyped(url))).toThrow(/^url must be http:\/\/host:port or https:\/\/host:port, and is /);
    }
  });

  it('takes everything at the ends of its range, and is told that nobody is there', async () => {
    const ends = { idempotencyKey: 'k'.repeat(256), computeCapacity: 10_000, priority: -100, deadlineMs: 0 };
    const all = { ...ends, input: Buffer.from('x'), segmentCycles: 256, maxCycles: 0n, labels: { a: '' } };
    await expect(client.submit(request(all))).rejects.toMatchObject({ code: 'unreachable' });
    await expect(client.get('job_1')).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('tells the command line what is wrong with an id', async () => {
    const argv = ['status', 'not an id', '--url', URL_OF_NOBODY, '--json'];
    const { code, out } = await commandLine(argv, { startKernel: () => new ScriptedKernel() });
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      error: { code: 'usage', message: expect.stringContaining('1 to 128 letters, digits') },
    });
  });
});
