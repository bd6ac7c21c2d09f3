// Ctrl-C while the coordinator is there and does not answer: a stopped process, a line that was cut without a word.
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { ProofloomClient } from '../../src/client/index.js';
import { AdminService } from '../../src/wire/generated/proofloom/v1/admin.js';
import { ArtifactsService } from '../../src/wire/generated/proofloom/v1/artifacts.js';
import { ProofsService } from '../../src/wire/generated/proofloom/v1/proofs.js';
import { ZiskDistributedApiService } from '../../src/wire/generated/zisk_distributed_api.js';
import { commandLine } from '../support/command-line.js';
import { ScriptedKernel } from '../support/scripted-kernel.js';
import { cleanUp, ROOT, scratchFolder } from '../support/program.js';

const ELF = `${ROOT}/guests/elf/fibonacci.elf`;
const OUT = `${scratchFolder()}/proof.plm`;

let server: Server;
let url: string;
let called: () => void;

beforeAll(async () => {
  server = new Server();
  const silent = () => called();
  for (const service of [AdminService, ArtifactsService, ProofsService, ZiskDistributedApiService]) {
    const names = Object.keys(service);
    server.addService(service, Object.fromEntries(names.map((name) => [name, silent])));
  }
  const port = await new Promise<number>((resolve, reject) => {
    const bound = (error: Error | null, found: number) => (error ? reject(error) : resolve(found));
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), bound);
  });
  url = `http://127.0.0.1:${port}`;
});

afterAll(() => {
  server.forceShutdown();
  cleanUp();
});

const UNKNOWN = 'interrupted before the coordinator had answered';

describe('a command that is interrupted while no answer comes', () => {
  it.each([
    [['status'], UNKNOWN],
    [['jobs'], UNKNOWN],
    [['provers'], UNKNOWN],
    [['cancel', 'job_1'], UNKNOWN],
    [['download', 'job_1', '--out', OUT], UNKNOWN],
    [['drain', '--all'], UNKNOWN],
    [['quarantine'], UNKNOWN],
    [['release', 'p1'], UNKNOWN],
    [['submit', ELF], `${UNKNOWN}: the job may have been accepted`],
    [['prove', ELF, '--out', OUT], `${UNKNOWN}: the job may have been accepted`],
    [['watch', 'job_1'], 'waiting for job_1 was ended; the job goes on'],
  ])('%j ends with exit code 130 and says how things stand', async ([name = '', ...rest], message) => {
    const interrupt = new AbortController();
    called = () => interrupt.abort();
    const argv = [name, ...rest, '--json', '--url', url];
    const { signal } = interrupt;
    const { code, out } = await commandLine(argv, { signal, startKernel: () => new ScriptedKernel() });
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'aborted', message } });
    expect(code).toBe(130);
  });
});

describe('a process that takes connections and says nothing', () => {
  it('does not keep a command that is interrupted, whatever it waits for', async () => {
    const sockets = new Set<Socket>();
    const mute = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    for (const argv of [['submit', ELF], ['watch', 'job_1'], ['status']]) {
      const interrupt = new AbortController();
      mute.once('connection', () => interrupt.abort());
      const { signal } = interrupt;
      const outcome = commandLine([...argv, '--url', address], { signal, startKernel: () => new ScriptedKernel() });
      await expect(outcome).resolves.toMatchObject({ code: 130, err: expect.stringContaining('what to do') });
    }
    for (const socket of sockets) socket.destroy();
    mute.close();
  });
});

describe('the signal of a client', () => {
  it.each(['submit', 'prove'] as const)('ends %s, uploads included', async (call) => {
    const client = new ProofloomClient(url);
    const interrupt = new AbortController();
    called = () => interrupt.abort();
    const request = { program: new Uint8Array(2_000_000) };
    const { signal } = interrupt;
    const ended = call === 'submit' ? client.submit(request, signal) : client.prove(request, undefined, signal);
    await expect(ended).rejects.toMatchObject({ name: 'ClientError', code: 'aborted' });
    await expect(client.submit(request, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
    client.close();
  });
});
