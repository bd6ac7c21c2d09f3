// docker/docker-compose.yml with real containers, through the lines of docs/docker.md. `npm run test:docker`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProofloomClient } from '../../src/client/proofloom-client.js';
import { KernelService } from '../../src/kernel/kernel.service.js';
import { eventually } from '../support/calls.js';
import { KERNEL_THREAD_ENTRY } from '../support/fake-kernel.js';
import { runCommand } from '../support/api-document.js';
import { ownGrpcurl } from '../support/document-run.js';
import { cleanUp, ROOT } from '../support/program.js';
import { COMMANDS, compose, docker, follow, shell } from './compose.js';

const API = 'zisk.distributed.api.v1.ZiskDistributedApi';
const PROJECT = '--filter label=com.docker.compose.project=proofloom-test';
const START_MS = 120_000;
const JOB_MS = 900_000;
/** What the image adds to its base: the program, its dependencies, the kernel. */
const ADDED_BYTES_MAX = 100 * 2 ** 20;

const input = 'headers-one.rlp';
const [first = 'docker-compose'] = COMMANDS;

async function grpcurl(data: object, method: string): Promise<Record<string, unknown>> {
  const line = `grpcurl -plaintext -d '${JSON.stringify(data)}' 127.0.0.1:50051 ${API}/${method}`;
  const { stdout } = await runCommand(line, ownGrpcurl('127.0.0.1:50051'));
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function namesOf(service: string): Promise<string[]> {
  return docker(`ps ${PROJECT} --filter label=com.docker.compose.service=${service} --format '{{.Names}}'`);
}

async function inspect(name: string, format: string): Promise<string> {
  return (await docker(`inspect --format '${format}' ${name}`)).join('\n');
}

/** Lets a coordinator come up and `count` provers connect to it. */
function connected(count: number): Promise<true> {
  return eventually(async () => {
    const { status } = (await grpcurl({}, 'SystemStatus').catch(() => ({}))) as { status?: { totalProvers?: number } };
    return status?.totalProvers === count || undefined;
  }, START_MS);
}

afterAll(async () => {
  await shell(`${first} down --volumes --timeout 5`);
  await shell('docker rmi --force proofloom-test').catch(() => undefined);
  cleanUp();
});

describe('the image', () => {
  beforeAll(() => shell(`${first} build`), JOB_MS);

  it('adds little to its base and runs as nobody of importance', async () => {
    const base = process.env['BASE_IMAGE'] ?? 'node:24-bookworm-slim';
    const [own, underneath] = await Promise.all(['proofloom-test', base].map((name) => inspect(name, '{{.Size}}')));
    expect(Number(own) - Number(underneath)).toBeLessThan(ADDED_BYTES_MAX);
    await expect(inspect('proofloom-test', '{{.Config.User}}')).resolves.toBe('1000:1000');
  });

  it('has no settings but those that start with DISTRIBUTED_', async () => {
    const variables = (await inspect('proofloom-test', '{{join .Config.Env "\\n"}}')).split('\n');
    const ours = variables.map((line) => line.split('=')[0]).filter((name) => !/^(PATH|NODE_|YARN_)/.test(name ?? ''));
    expect(ours).toEqual(['DISTRIBUTED_DATA_DIR']);
  });
});

describe.each(COMMANDS)('%s', (command) => {
  afterAll(() => shell(`${command} down --volumes --timeout 5`));

  it('up -d starts a coordinator on port 50051 and a prover that connects to it', async () => {
    await compose(command, 'docker-compose up -d');
    await follow(command, 'docker-compose logs -f coordinator', /ready .*grpcPort=50051/);
    await follow(command, 'docker-compose logs -f prover', /connected coordinator=http:\/\/coordinator:50051/);
    await connected(1);
    await expect(grpcurl({}, 'HealthCheck')).resolves.toEqual({});
  });

  it('up -d --scale prover=3 makes it three', async () => {
    await compose(command, 'docker-compose up -d --scale prover=3');
    await connected(3);
    await expect(namesOf('prover')).resolves.toHaveLength(3);
  });

  it('gives the containers DISTRIBUTED_ variables only, an init process, and no rights', async () => {
    const [name = ''] = await namesOf('coordinator');
    const environment = await inspect(name, '{{join .Config.Env "\\n"}}');
    expect(environment).toContain('DISTRIBUTED_SERVER_PORT=50051');
    expect(environment).not.toMatch(/CONSENSUS_|PROVER_ID/);
    const processes = await docker(
      `exec ${name} sh -c 'tr "\\0" " " < /proc/1/cmdline; id -u; grep CapEff /proc/1/status'`,
    );
    expect(processes.join(' ')).toMatch(/init .*1000 CapEff:\s0{16}$/);
  });

  it('leaves the containers with exit code 0 when they are stopped', async () => {
    const names = [...(await namesOf('coordinator')), ...(await namesOf('prover'))];
    await shell(`${command} stop`);
    const codes = await Promise.all(names.map((name) => inspect(name, '{{.State.ExitCode}}')));
    expect(codes).toEqual(['0', '0', '0', '0']);
    await shell(`${command} start`);
    await connected(3);
  });

  it('down leaves nothing behind but the jobs, and down --volumes not even those', async () => {
    await compose(command, 'docker-compose down');
    await expect(docker(`ps -a -q ${PROJECT}`)).resolves.toEqual([]);
    await expect(docker(`network ls -q ${PROJECT}`)).resolves.toEqual([]);
    await expect(docker(`volume ls -q ${PROJECT}`)).resolves.toEqual(['proofloom-test_coordinator-data']);
    await shell(`${command} down --volumes`);
    await expect(docker(`volume ls -q ${PROJECT}`)).resolves.toEqual([]);
  });
});

describe('a job in containers', () => {
  it(
    'is proven by three provers, outlives the containers, and its proof is verified outside',
    async () => {
      await compose(first, 'docker-compose up -d');
      await compose(first, 'docker-compose up -d --scale prover=3');
      await connected(3);
      const made = { block_id: 'block_456', compute_capacity: 3 };
      const refused = await grpcurl({ ...made, input_path: '/path/to/input' }, 'LaunchProof');
      expect(refused).toMatchObject({ error: { code: 'INPUT_NOT_ALLOWED' } });
      const { jobId } = await grpcurl({ ...made, input_path: `/app/guests/inputs/${input}` }, 'LaunchProof');

      const client = new ProofloomClient('http://127.0.0.1:50051');
      const job = await client.wait(String(jobId));
      expect(job).toMatchObject({ state: 'completed', failure: null });

      await compose(first, 'docker-compose down');
      await compose(first, 'docker-compose up -d');
      await connected(1);
      await expect(grpcurl({ job_id: jobId }, 'JobStatus')).resolves.toMatchObject({ job: { state: 'Completed' } });
      const proof = await client.downloadProof(job);
      client.close();

      const kernel = new KernelService({ threads: 1, threadEntry: KERNEL_THREAD_ENTRY });
      const elf = readFileSync(join(ROOT, 'guests/elf/headers.elf'));
      const { statement } = await kernel.verify({ proof, expected: { elf } });
      kernel.close();
      expect(statement).toMatchObject({ exitCode: 0, cycles: job.outcome?.cycles });
    },
    JOB_MS,
  );
});
