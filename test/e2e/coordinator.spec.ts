import { createServer, type AddressInfo } from 'node:net';
import { credentials, status } from '@grpc/grpc-js';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { HealthClient, HealthCheckResponse_ServingStatus } from '../../src/wire/generated/grpc/health/v1/health.js';
import {
  ServerReflectionClient,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from '../../src/wire/generated/grpc/reflection/v1/reflection.js';
import { ServerReflectionClient as AlphaClient } from '../../src/wire/generated/grpc/reflection/v1alpha/reflection.js';
import { ZiskDistributedApiClient, type StatusInfoResponse } from '../../src/wire/generated/zisk_distributed_api.js';
import { answer } from '../support/calls.js';
import { cleanUp, Program, scratchFolder } from '../support/program.js';

const COORDINATOR = 'dist/coordinator/main.js';
const LOCAL = ['server', '--host', '127.0.0.1', '--http-host', '127.0.0.1', '--port', '0', '--http-port', '0'];

afterAll(cleanUp);

describe('a coordinator process', () => {
  let coordinator: Program;
  let address: string;

  beforeAll(async () => {
    coordinator = Program.start(COORDINATOR, LOCAL);
    address = `127.0.0.1:${String((await coordinator.message('ready'))['grpcPort'])}`;
  });

  afterAll(async () => {
    await coordinator.stop();
  });

  it('answers HealthCheck and StatusInfo of the published interface', async () => {
    const client = new ZiskDistributedApiClient(address, credentials.createInsecure());
    await expect(answer((done) => client.healthCheck({}, done))).resolves.toMatchObject({});
    const info = await answer<StatusInfoResponse>((done) => client.statusInfo({}, done));
    expect(info).toMatchObject({ serviceName: 'Proofloom Coordinator', metrics: { activeConnections: 0 } });
    expect(typeof info.uptimeSeconds).toBe('bigint');
    client.close();
  });

  it('is SERVING by the health interface, and says which services it does not know', async () => {
    const client = new HealthClient(address, credentials.createInsecure());
    const check = (service: string) => answer((done) => client.check({ service }, done));
    await expect(check('')).resolves.toMatchObject({ status: HealthCheckResponse_ServingStatus.SERVING });
    await expect(check('zisk.distributed.api.v1.ZiskDistributedApi')).resolves.toMatchObject({ status: 1 });
    await expect(check('no.Such')).rejects.toMatchObject({ code: status.NOT_FOUND });
    client.close();
  });

  it.each([
    ['v1', ServerReflectionClient],
    ['v1alpha', AlphaClient],
  ])('describes itself by reflection %s, imports included', async (_version, Client) => {
    const client = new Client(address, credentials.createInsecure());
    const ask = (request: ServerReflectionRequest['messageRequest']) =>
      new Promise<ServerReflectionResponse['messageResponse']>((resolve, reject) => {
        const call = client.serverReflectionInfo();
        call.on('data', ({ messageResponse }: ServerReflectionResponse) => resolve(messageResponse));
        call.on('error', reject);
        call.write({ host: '', messageRequest: request });
        call.end();
      });
    const services = await ask({ $case: 'listServices', value: '' });
    const names = services?.$case === 'listServicesResponse' ? services.value.service.map(({ name }) => name) : [];
    expect(names).toContain('zisk.distributed.api.v1.ZiskDistributedApi');
    expect(names).toContain('proofloom.v1.Proofs');
    const symbol = 'zisk.distributed.api.v1.StatusInfoResponse';
    const files = await ask({ $case: 'fileContainingSymbol', value: symbol });
    const bytes = files?.$case === 'fileDescriptorResponse' ? files.value.fileDescriptorProto : [];
    expect(bytes.map((file) => fromBinary(FileDescriptorProtoSchema, file).name)).toEqual([
      'zisk_distributed_api.proto',
      'google/protobuf/timestamp.proto',
    ]);
    await expect(ask({ $case: 'fileByFilename', value: 'none.proto' })).resolves.toMatchObject({
      $case: 'errorResponse',
      value: { errorCode: status.NOT_FOUND },
    });
    client.close();
  });
});

describe('starting and stopping a coordinator', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends it without waiting for the time that a stop may take, with a stream open, with exit code 0',
    async (signal) => {
      const coordinator = Program.start(COORDINATOR, LOCAL, { DISTRIBUTED_SHUTDOWN_GRACE: '10m' });
      const { grpcPort } = await coordinator.message('ready');
      const client = new HealthClient(`127.0.0.1:${String(grpcPort)}`, credentials.createInsecure());
      const watch = client.watch({ service: '' });
      const statuses: number[] = [];
      const ended = new Promise<void>((resolve, reject) => {
        watch.on('end', resolve);
        watch.on('error', reject);
      });
      await new Promise<void>((resolve) => {
        watch.on('data', (message: { status: number }) => {
          statuses.push(message.status);
          resolve();
        });
      });
      const exit = await coordinator.stop(signal);
      await ended;
      expect(statuses).toEqual([
        HealthCheckResponse_ServingStatus.SERVING,
        HealthCheckResponse_ServingStatus.NOT_SERVING,
      ]);
      expect(exit).toMatchObject({ code: 0, signal: null });
      client.close();
    },
  );

  it('names all wrong settings and exits with 2', async () => {
    const environment = { DISTRIBUTED_SERVER_PORT: 'eighty', DISTRIBUTED_LOGGING_LEVEL: 'loud' };
    const coordinator = Program.start(COORDINATOR, [], environment);
    await expect(coordinator.exited).resolves.toEqual({ code: 2, signal: null });
    expect(coordinator.errors.join('')).toBe(
      'coordinator: Wrong settings:\n' +
        '- DISTRIBUTED_SERVER_PORT is "eighty"; allowed: a whole number from 0 to 65535\n' +
        '- DISTRIBUTED_LOGGING_LEVEL is "loud"; allowed: error, warn, info, debug, trace\n',
    );
  });

  it('names an option that there is not and exits with 2', async () => {
    const coordinator = Program.start(COORDINATOR, ['--prot', '1']);
    await expect(coordinator.exited).resolves.toEqual({ code: 2, signal: null });
    expect(coordinator.errors.join('')).toContain("unknown option '--prot'");
    expect(coordinator.errors.join('')).toContain('coordinator --help');
  });

  it('does not start beside another one in the same data directory, though its database is elsewhere', async () => {
    const args = [...LOCAL, '--data-dir', scratchFolder()];
    const first = Program.start(COORDINATOR, args);
    await first.message('ready');
    const second = Program.start(COORDINATOR, args, { DISTRIBUTED_STORE_URL: 'memory:' });
    await expect(second.exited).resolves.toEqual({ code: 1, signal: null });
    expect(second.errors.join('')).toMatch(
      /^coordinator: the data directory .* is used by another coordinator; stop it/,
    );
    await first.stop();
  });

  it.each([
    ['--host', 'gRPC'],
    ['--http-host', 'HTTP'],
  ])('an address of %s that is not this machine ends the start with what to do, said once', async (flag, side) => {
    // Reserved for documentation.
    const coordinator = Program.start(COORDINATOR, [...LOCAL, flag, '192.0.2.1']);
    await expect(coordinator.exited).resolves.toMatchObject({ code: 1 });
    expect(coordinator.errors.join('')).toMatch(
      new RegExp(
        `^coordinator: cannot serve ${side} on 192\\.0\\.2\\.1:0: .*EADDRNOTAVAIL.*; choose another with ${flag}\n$`,
      ),
    );
    expect(coordinator.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it.each([
    ['gRPC', '--port'],
    ['HTTP', '--http-port'],
  ])('a %s port in use ends the start with the port and what to do', async (_side, flag) => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const coordinator = Program.start(COORDINATOR, [...LOCAL, flag, String(port)]);
    await expect(coordinator.exited).resolves.toMatchObject({ code: 1 });
    expect(coordinator.errors.join('')).toContain(`127.0.0.1:${port}`);
    expect(coordinator.errors.join('')).toContain(`another program has that port; choose another with ${flag}`);
    expect(coordinator.lines.filter(({ level }) => level === 'error')).toEqual([]);
    taken.close();
  });

  it('takes CONSENSUS_ variables with one warning', async () => {
    const environment = { CONSENSUS_SERVER_PORT: '0', CONSENSUS_HTTP_PORT: '0', CONSENSUS_SERVER_HOST: '127.0.0.1' };
    const coordinator = Program.start(COORDINATOR, ['--http-host', '127.0.0.1'], environment);
    await coordinator.message('ready');
    const warnings = coordinator.lines.filter(({ level }) => level === 'warn');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.['message']).toContain('CONSENSUS_SERVER_PORT');
    await coordinator.stop();
  });
});
