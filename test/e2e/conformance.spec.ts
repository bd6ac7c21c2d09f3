// `npm run conformance` itself, on pages and results made up for it, and the real page as far as reading it goes.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEvidence } from '../../scripts/evidence.mjs';
import { cleanUp, Program, ROOT, scratchFolder } from '../support/program.js';

const PAGE = join(ROOT, 'docs/seed-map.md');
const HEAD = '## Things\n\n| named there | here | shown by |\n|---|---|---|\n';

/** What the published documents name, by hand. */
const NAMED = `
ProverStream, ProverRegisterRequest, ProverReconnectRequest, ExecuteTaskResponse, HeartbeatAck, ProverError,
ProverRegisterResponse, ExecuteTaskRequest, Heartbeat, JobCancelled, Shutdown, ProverMessage, CoordinatorMessage,
StatusInfo, HealthCheck, JobsList, ProversList, JobStatus, SystemStatus, LaunchProof, ErrorResponse,
PARTIAL_CONTRIBUTION, PROVE, AGGREGATE, JOB_NOT_FOUND, PROVER_UNAVAILABLE, SYSTEM_UNAVAILABLE,
grpcurl@latest, 127.0.0.1:8080, 127.0.0.1:50051, job_123, block_456, /path/to/input, prover_001,
Rust, protoc, Docker, /path/to/zisk/distributed, 50051, 8080, http://coordinator:50051, CONSENSUS_,
docker-compose up -d, logs -f coordinator, logs -f prover, --scale prover=3, docker-compose down,
cargo build --release, coordinator -- server --port 50051, prover -- --url http://127.0.0.1:50051,
SERVER_HOST, SERVER_PORT, SERVER_URL, PROVER_ID, LOGGING_LEVEL, LOGGING_FORMAT,
distributed_grpc_api, ZiskDistributedApiServer, ZiskDistributedApiClient, proto/zisk_distributed_api.proto,
apt-get install protobuf-compiler, brew install protobuf, protoc-gen-go@latest, protoc-gen-go-grpc@latest,
export PATH, mkdir -p internal/proto/coordinator, protoc --go_out=., --go-grpc_out=.,
coordinator.pb.go, coordinator_grpc.pb.go, coordinator.proto, grpc_service.go, worker_registry.go,
task_scheduler.go, coordinator_client.go, CoordinatorServiceServer, CoordinatorServiceClient, WorkerRegistry,
RegisterWorker, SendHeartbeat, LastHeartbeatAt, ReceiveTasks, TaskAssignment, ReportCompletion, ReportFailure,
5 s, unary, server streaming, next steps`
  .split(/,\s+/)
  .map((name) => name.trim());

const RESULTS = {
  testResults: [
    {
      name: join(ROOT, 'test/a.spec.ts'),
      assertionResults: [
        { fullName: 'a thing works at 8080', status: 'passed' },
        { fullName: 'a thing works at 50051', status: 'passed' },
        { fullName: 'another thing works', status: 'failed' },
      ],
    },
  ],
};

/** Lines and exit code of a run over a page with these rows. */
async function conformance(rows: string): Promise<{ lines: string[]; code: number | null }> {
  const folder = scratchFolder();
  const [map, results] = [join(folder, 'map.md'), join(folder, 'results.json')];
  writeFileSync(map, HEAD + rows);
  writeFileSync(results, JSON.stringify(RESULTS));
  const args = ['--quick', '--map', map, '--results', results];
  const program = Program.start('scripts/conformance.mjs', args);
  const { code } = await program.exited;
  return { lines: program.lines.map(({ message }) => String(message)), code };
}

afterAll(cleanUp);

describe('npm run conformance', () => {
  it('prints a line for each row, and passes where all tests of a row pass', async () => {
    const { lines, code } = await conformance('| `x` | y | `test/a.spec.ts`: a thing works |\n');
    expect(lines).toEqual(['pass  Things: `x`', '', '1 passed, 0 failed, 0 not run']);
    expect(code).toBe(0);
  });

  it.each([
    [
      'a failing test',
      '| `x` | y | `test/a.spec.ts`: a thing works<br>`test/a.spec.ts`: another thing |',
      'another thing',
    ],
    ['a test that there is not', '| `x` | y | `test/a.spec.ts`: a third thing |', 'has no test "a third thing"'],
    ['a specification that there is not', '| `x` | y | `test/b.spec.ts`: a thing |', 'test/b.spec.ts has no test'],
    ['no test', '| `x` | y | |', 'no test is named'],
  ])('fails a row with %s', async (_what, row, reason) => {
    const { lines, code } = await conformance(`${row}\n`);
    expect(lines[0]).toMatch(/^fail {2}Things: `x`/);
    expect(lines[0]).toContain(reason);
    expect(code).toBe(1);
  });

  it('says of what it leaves out that it was not run', async () => {
    const { lines } = await conformance('| `x` | y | `test/docker/a.spec.ts`: up |\n');
    expect(lines).toEqual([
      'not run Things: `x`  (needs scripts/test-docker.mjs)',
      '',
      '0 passed, 0 failed, 1 not run',
    ]);
  });
});

describe('docs/seed-map.md', () => {
  const rows = readEvidence(readFileSync(PAGE, 'utf8'));

  it('names specifications that there are, in every row', () => {
    const files = rows.map(({ tests }) => tests.map(({ file }) => file));
    expect(files.filter((named) => named.length === 0)).toEqual([]);
    expect([...new Set(files.flat())].filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it.each(NAMED)('has a row for %s', (name) => {
    expect(rows.some(({ named }) => named.includes(name))).toBe(true);
  });
});
