// What others get: the packed package, imported by a small TypeScript project with nothing else in reach.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pack } from '../../scripts/pack.mjs';
import { cleanUp, Program, ROOT, scratchFolder } from '../support/program.js';

const run = promisify(execFile);
const COORDINATOR = 'dist/coordinator/main.js';

const MAIN = `
import { credentials } from '@grpc/grpc-js';
import {
  CoordinatorMessage, ProverMessage, ZiskDistributedApiClient, ZiskDistributedApiService,
  type ProverRegisterRequest, type StatusInfoResponse, type ZiskDistributedApiServer,
  admin, artifacts, coordinator, health, proofs, reflection, reflectionAlpha,
} from 'proofloom/grpc';
import { ProofloomClient } from 'proofloom/client';

const address = process.argv[2] ?? '';
const register: Partial<ProverRegisterRequest> = { proverId: 'prover_001', computeCapacity: { computeUnits: 8 } };
const message = ProverMessage.create({ payload: { $case: 'register', value: register } });
const again = ProverMessage.decode(ProverMessage.encode(message).finish());
if (again.payload?.$case !== 'register' || again.payload.value.computeCapacity?.computeUnits !== 8) throw new Error('lost');
CoordinatorMessage.create({ payload: { $case: 'heartbeat', value: {} } });

const served: Pick<ZiskDistributedApiServer, 'healthCheck'> = { healthCheck: (_call, done) => done(null, {}) };
const clients = [coordinator.CoordinatorServiceClient, proofs.ProofsClient, artifacts.ArtifactsClient, admin.AdminClient];
const all = [...clients, health.HealthClient, reflection.ServerReflectionClient, reflectionAlpha.ServerReflectionClient];
const worker: coordinator.RegisterWorkerRequest = coordinator.RegisterWorkerRequest.create({ workerId: 'worker_001' });

const client = new ZiskDistributedApiClient(address, credentials.createInsecure());
const info = await new Promise<StatusInfoResponse>((resolve, reject) => {
  client.statusInfo({}, (error, response) => (error ? reject(error) : resolve(response)));
});
client.close();
const proofloom = new ProofloomClient('http://' + address);
const { totalProvers } = await proofloom.status();
proofloom.close();
console.log(JSON.stringify({
  service: info.serviceName,
  totalProvers,
  methods: Object.keys(ZiskDistributedApiService),
  served: Object.keys(served),
  names: all.map(({ serviceName }) => serviceName),
  worker: worker.workerId,
}));
`;

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    outDir: 'out',
  },
  files: ['main.ts'],
};

/** A project whose only own dependency is the packed package; what that depends on is linked, not downloaded. */
async function makeProject(): Promise<string> {
  const project = scratchFolder();
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, 'proofloom'), { recursive: true });
  const tarball = await pack('proofloom', project);
  await run('tar', ['-xzf', tarball, '-C', join(modules, 'proofloom'), '--strip-components=1']);
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: object };
  const scopes = Object.keys(manifest.dependencies).map((name) => name.split('/')[0] ?? name);
  for (const name of new Set([...scopes, '@types'])) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  writeFileSync(join(project, 'main.ts'), MAIN);
  return project;
}

describe('the packed package', () => {
  let project: string;

  beforeAll(async () => {
    project = await makeProject();
  });

  afterAll(cleanUp);

  it('exports clients, service definitions and message types of all services as proofloom/grpc', async () => {
    await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project]).catch(
      (error: unknown) => {
        throw new Error(`the project does not compile: ${(error as { stdout: string }).stdout}`);
      },
    );
    const local = ['--host', '127.0.0.1', '--http-host', '127.0.0.1', '--port', '0', '--http-port', '0'];
    const coordinator = Program.start(COORDINATOR, local);
    const { grpcPort } = await coordinator.message('ready');
    const { stdout } = await run(process.execPath, ['out/main.js', `127.0.0.1:${String(grpcPort)}`], { cwd: project });
    await coordinator.stop();
    expect(JSON.parse(stdout)).toEqual({
      service: 'Proofloom Coordinator',
      totalProvers: 0,
      methods:
        'proverStream workerStream healthCheck statusInfo systemStatus jobsList jobStatus proversList workersList launchProof'.split(
          ' ',
        ),
      served: ['healthCheck'],
      names: [
        'coordinator.CoordinatorService',
        'proofloom.v1.Proofs',
        'proofloom.v1.Artifacts',
        'proofloom.v1.Admin',
        'grpc.health.v1.Health',
        'grpc.reflection.v1.ServerReflection',
        'grpc.reflection.v1alpha.ServerReflection',
      ],
      worker: 'worker_001',
    });
  });

  it('brings its commands, which run with nothing but Node on the path', async () => {
    const folder = join(project, 'node_modules', 'proofloom');
    const guest = join(folder, 'guests/elf/fibonacci.elf');
    const args = [join(folder, 'bin/proofloom.js'), '--json', 'execute', guest];
    const { stdout } = await run(process.execPath, args, { env: { PATH: join(process.execPath, '..') } });
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 0 });
  });
});
