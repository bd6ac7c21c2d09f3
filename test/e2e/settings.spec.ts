// Flag > DISTRIBUTED_ > CONSENSUS_ > .env > default, through the programs that users start.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { cleanUp, Program, scratchFolder } from '../support/program.js';

const COORDINATOR = 'dist/coordinator/main.js';
const PROVER = 'dist/prover/main.js';
const CLI = 'dist/cli/main.js';

/** Where a setting may be given, strongest first. The old prefix is read wherever the new one is. */
const SOURCES = ['flag', 'DISTRIBUTED_', 'CONSENSUS_', '.env', 'CONSENSUS_ in .env'] as const;
type Source = (typeof SOURCES)[number];

/** One setting given by this source and by every weaker one, each with a value of its own. */
interface Given {
  readonly flag: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
}

function giveFrom(source: Source, name: string, values: Readonly<Record<Source, string>>): Given {
  const given = new Set(SOURCES.slice(SOURCES.indexOf(source)));
  const variable = (at: Source, prefix: string) => (given.has(at) ? [[prefix + name, values[at]]] : []);
  const inFile = [...variable('.env', 'DISTRIBUTED_'), ...variable('CONSENSUS_ in .env', 'CONSENSUS_')];
  const folder = scratchFolder();
  writeFileSync(join(folder, '.env'), inFile.map(([key, value]) => `${key}=${value}\n`).join(''));
  return {
    flag: given.has('flag') ? [values.flag] : [],
    environment: Object.fromEntries([
      ...variable('DISTRIBUTED_', 'DISTRIBUTED_'),
      ...variable('CONSENSUS_', 'CONSENSUS_'),
    ]) as Record<string, string>,
    folder,
  };
}

function warningsOf({ lines }: Program): unknown[] {
  const isOldPrefix = /^Old variable prefix in CONSENSUS_\w+: it still works/;
  return lines.map(({ message }) => message).filter((message) => isOldPrefix.test(String(message)));
}

const isOld = (source: Source) => source.startsWith('CONSENSUS_');

afterAll(cleanUp);

describe('the port of a coordinator', () => {
  let ports: Record<Source, string>;

  beforeAll(async () => {
    const free = await freePorts(SOURCES.length);
    ports = Object.fromEntries(SOURCES.map((source, index) => [source, String(free[index])])) as Record<Source, string>;
  });

  it.each(SOURCES)('is that of %s before all weaker sources', async (source) => {
    const { flag, environment, folder } = giveFrom(source, 'SERVER_PORT', ports);
    const args = ['server', '--host', '127.0.0.1', '--http-host', '127.0.0.1', '--http-port', '0'];
    const port = flag.flatMap((value) => ['--port', value]);
    const coordinator = Program.start(COORDINATOR, [...args, ...port], environment, folder);
    const { grpcPort } = await coordinator.message('ready');
    await coordinator.stop();
    expect(String(grpcPort)).toBe(ports[source]);
    expect(warningsOf(coordinator)).toHaveLength(isOld(source) ? 1 : 0);
  });
});

const URLS = Object.fromEntries(SOURCES.map((source, index) => [source, `http://127.0.0.1:${index + 1}`])) as Record<
  Source,
  string
>;

describe('the coordinator of a prover', () => {
  it.each(SOURCES)('is that of %s before all weaker sources', async (source) => {
    const { flag, environment, folder } = giveFrom(source, 'SERVER_URL', URLS);
    const prover = Program.start(
      PROVER,
      flag.flatMap((value) => ['--url', value]),
      environment,
      folder,
    );
    await expect(prover.message('started')).resolves.toMatchObject({ coordinator: URLS[source] });
    await prover.stop();
    expect(warningsOf(prover)).toHaveLength(isOld(source) ? 1 : 0);
  });

  it('is http://127.0.0.1:8080 where no source names one', async () => {
    const prover = Program.start(PROVER, []);
    await expect(prover.message('started')).resolves.toMatchObject({ coordinator: 'http://127.0.0.1:8080' });
    await prover.stop();
  });
});

describe('the coordinator of the command line', () => {
  it.each(SOURCES)('is that of %s before all weaker sources', async (source) => {
    const { flag, environment, folder } = giveFrom(source, 'SERVER_URL', URLS);
    const args = ['jobs', '--json', ...flag.flatMap((value) => ['--url', value])];
    const command = Program.start(CLI, args, environment, folder);
    await expect(command.exited).resolves.toMatchObject({ code: 1 });
    expect(command.lines[0]).toMatchObject({
      error: { code: 'unreachable', message: expect.stringContaining(`no coordinator answers at ${URLS[source]}:`) },
    });
    const warnings = command.errors.join('').match(/Old variable prefix in CONSENSUS_SERVER_URL/g) ?? [];
    expect(warnings).toHaveLength(isOld(source) ? 1 : 0);
  });

  it('is refused where it is none, with the source that gave it and exit code 2', async () => {
    const command = Program.start(CLI, ['jobs'], { CONSENSUS_SERVER_URL: 'ftp://example.org:1' });
    await expect(command.exited).resolves.toMatchObject({ code: 2 });
    expect(command.errors.join('')).toContain(
      'CONSENSUS_SERVER_URL is "ftp://example.org:1"; allowed: http://host:port',
    );
  });
});

describe('the variables of the published setup', () => {
  const local = ['--http-host', '127.0.0.1', '--http-port', '0'];

  it('DISTRIBUTED_SERVER_HOST and DISTRIBUTED_SERVER_PORT are where a coordinator listens', async () => {
    const [port] = await freePorts(1);
    const settings = { DISTRIBUTED_SERVER_HOST: '127.0.0.1', DISTRIBUTED_SERVER_PORT: String(port) };
    const coordinator = Program.start(COORDINATOR, ['server', ...local], settings);
    await expect(coordinator.message('ready')).resolves.toMatchObject({ grpc: `127.0.0.1:${port}` });
    await coordinator.stop();
  });

  it('DISTRIBUTED_SERVER_URL and DISTRIBUTED_PROVER_ID are the coordinator and the name of a prover', async () => {
    const coordinator = Program.start(COORDINATOR, ['server', '--host', '127.0.0.1', '--port', '0', ...local]);
    const url = `http://127.0.0.1:${String((await coordinator.message('ready'))['grpcPort'])}`;
    const settings = { DISTRIBUTED_SERVER_URL: url, DISTRIBUTED_PROVER_ID: 'prover_001' };
    const prover = Program.start(PROVER, [], settings);
    await expect(prover.message('connected')).resolves.toMatchObject({ coordinator: url, prover: 'prover_001' });
    await prover.stop();
    await coordinator.stop();
  });

  it.each([
    ['json', /^started$/],
    ['pretty', /INFO\s.*Prover: started$/],
    ['compact', /^\S+ I Prover: started coordinator=/],
  ])('DISTRIBUTED_LOGGING_FORMAT=%s is how lines look', async (format, form) => {
    const prover = Program.start(PROVER, [], { DISTRIBUTED_LOGGING_FORMAT: format });
    const line = await prover.line(({ message }) => form.test(String(message)));
    await prover.stop();
    expect(Object.keys(line).length > 1).toBe(format === 'json');
  });

  it('DISTRIBUTED_LOGGING_LEVEL is what is logged', async () => {
    const args = ['server', '--host', '127.0.0.1', '--port', '0', '--http-port', '0'];
    const coordinator = Program.start(COORDINATOR, args, { DISTRIBUTED_LOGGING_LEVEL: 'warn' });
    await coordinator.line(({ message }) => String(message).startsWith('No key exists yet'));
    await coordinator.stop();
    expect(new Set(coordinator.lines.map(({ level }) => level))).toEqual(new Set(['warn']));
  });
});

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
