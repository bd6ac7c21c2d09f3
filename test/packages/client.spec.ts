// The client as others get it: its tarball in an empty folder, in JavaScript and in TypeScript, imported and required.
import { olderNodes, THIS_NODE } from '../support/host-nodes.js';
import { cleanUp, Program } from '../support/program.js';
import { Installed, measured } from './installed.js';

const LOCAL = { DISTRIBUTED_SERVER_HOST: '127.0.0.1', DISTRIBUTED_HTTP_HOST: '127.0.0.1', DISTRIBUTED_HTTP_PORT: '0' };
const NODES = [THIS_NODE, ...olderNodes(20)];

/** What each of the projects below does, whatever it is written in. */
const WORK = `
async function main() {
  const client = new ProofloomClient(process.argv[2] ?? '');
  const { totalProvers } = await client.status();
  const failure = await client.get('job-none').catch((error) => error);
  client.close();
  const message = ProverMessage.create({ payload: { $case: 'register', value: { proverId: 'prover_001' } } });
  const { payload } = ProverMessage.decode(ProverMessage.encode(message).finish());
  const code = failure instanceof ClientError ? failure.code : String(failure);
  const name = proofs.ProofsClient.serviceName;
  console.log(JSON.stringify({ totalProvers, code, name, proverId: payload?.$case === 'register' && payload.value.proverId }));
}
void main();
`;

const IMPORTS = `
import { ClientError, ProofloomClient } from '@proofloom/client';
import { proofs, ProverMessage } from '@proofloom/client/grpc';
${WORK}`;

const REQUIRES = `
const { ClientError, ProofloomClient } = require('@proofloom/client');
const { proofs, ProverMessage } = require('@proofloom/client/grpc');
${WORK}`;

const FOUND = { totalProvers: 0, code: 'not_found', name: 'proofloom.v1.Proofs', proverId: 'prover_001' };

let installed: Installed;
let coordinator: Program;
let url: string;

beforeAll(async () => {
  installed = await Installed.of('@proofloom/client');
  coordinator = Program.start('bin/coordinator.js', ['server', '--port', '0'], LOCAL);
  const { grpcPort } = await coordinator.message('ready');
  url = `http://127.0.0.1:${String(grpcPort)}`;
});

afterAll(async () => {
  await coordinator.stop();
  cleanUp();
});

async function found(node: string, file: string): Promise<unknown> {
  return JSON.parse(await installed.run(node, file, url));
}

describe('@proofloom/client', () => {
  it('takes at most 20 MB with all it brings along', () => {
    expect(measured('@proofloom/client, installed', installed.bytes, 20)).toBeLessThanOrEqual(20);
  });

  it.each(NODES)('is imported and required in JavaScript under Node $version', async ({ path }) => {
    installed.write('project.mjs', IMPORTS);
    installed.write('project.cjs', REQUIRES);
    await expect(found(path, 'project.mjs')).resolves.toEqual(FOUND);
    await expect(found(path, 'project.cjs')).resolves.toEqual(FOUND);
  });

  it.each([
    { module: 'node16', moduleResolution: 'node16' },
    { module: 'nodenext', moduleResolution: 'nodenext' },
  ])('is imported in TypeScript with moduleResolution $moduleResolution by both kinds of modules', async (options) => {
    installed.write('esm.mts', IMPORTS);
    installed.write('common.cts', IMPORTS);
    await installed.compile(['esm.mts', 'common.cts'], { ...options, types: ['node'] });
    await expect(found(process.execPath, 'out/esm.mjs')).resolves.toEqual(FOUND);
    await expect(found(process.execPath, 'out/common.cjs')).resolves.toEqual(FOUND);
  });

  it('is imported in TypeScript with moduleResolution bundler', async () => {
    installed.write('bundled.mts', IMPORTS);
    await installed.compile(['bundled.mts'], { module: 'esnext', moduleResolution: 'bundler', types: ['node'] });
    await expect(found(process.execPath, 'out/bundled.mjs')).resolves.toEqual(FOUND);
  });

  it('has types: what is wrong does not compile', async () => {
    installed.write('wrong.mts', `${IMPORTS}\nvoid new ProofloomClient(url).submit({ program: 'guest.elf' });`);
    const compiled = installed.compile(['wrong.mts'], { module: 'nodenext', types: ['node'] });
    await expect(compiled).rejects.toThrow("Type 'string' is not assignable to type 'Uint8Array");
  });
});
