// Who may do what, on a real coordinator: every rpc and every route with every role, with a wrong key and without any.
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { permissionOf, ROUTE_PERMISSIONS, RPC_PERMISSIONS } from '../../src/coordinator/access/permissions.js';
import { ROLES, type Permission, type Role } from '../../src/domain/access/role.js';
import { eventually } from '../support/calls.js';
import { TestNetwork } from '../support/network.js';
import { cleanUp, Program, scratchFolder } from '../support/program.js';

const NETWORK_MS = 300_000;
const CALL_MS = 60_000;
const SHOWN = ['nothing', 'a wrong key', ...ROLES] as const;
type Shown = (typeof SHOWN)[number];

const folder = scratchFolder();
const secrets = new Map<Shown, string>([['a wrong key', `proofloom_key_${'0'.repeat(64)}`]]);
let network: TestNetwork;

function fileOf(role: Role): string {
  return join(folder, role);
}

async function proofloom(...args: readonly string[]): Promise<Record<string, unknown>> {
  const program = Program.start('bin/proofloom.js', [...args, '--url', network.url, '--json']);
  await program.exited;
  return program.lines[0] ?? {};
}

function asOperator(...args: readonly string[]): Promise<Record<string, unknown>> {
  return proofloom(...args, '--key-file', fileOf('operate'));
}

async function makeKey(role: Role, ...args: readonly string[]): Promise<void> {
  const made = await proofloom('keys', 'create', '--role', role, '--secret-file', fileOf(role), ...args);
  if (made['role'] !== role) throw new Error(`no key was made: ${JSON.stringify(made)}`);
  secrets.set(role, readFileSync(fileOf(role), 'utf8').trim());
}

beforeAll(async () => {
  network = await TestNetwork.start(0);
  await makeKey('operate');
  const asOwner = ['--key-file', fileOf('operate')];
  await makeKey('submit', ...asOwner);
  await makeKey('read', ...asOwner);
  await makeKey('prove', '--prover', 'anna', ...asOwner);
}, NETWORK_MS);

afterAll(async () => {
  await network.stop();
  cleanUp();
});

/** The status that a call with an empty message ends with; OK as soon as there is an answer. */
async function statusOf(client: Client, path: string, shown: Shown): Promise<status> {
  const metadata = new Metadata();
  const secret = secrets.get(shown);
  if (secret !== undefined) metadata.set('authorization', `Bearer ${secret}`);
  const bytes = (value: Buffer) => value;
  const call = client.makeBidiStreamRequest(path, bytes, bytes, metadata, { deadline: Date.now() + CALL_MS });
  call.end(Buffer.alloc(0));
  return new Promise((resolve) => {
    call.on('data', () => resolve(status.OK));
    call.on('error', ({ code }: ServiceError) => resolve(code));
    call.on('end', () => resolve(status.OK));
  }).finally(() => call.cancel()) as Promise<status>;
}

function promised(permission: Permission, shown: Shown): 'served' | 'UNAUTHENTICATED' | 'PERMISSION_DENIED' {
  if (permission === 'public') return 'served';
  const role = ROLES.find((known) => known === shown);
  if (role === undefined) return 'UNAUTHENTICATED';
  return permission.includes(role) ? 'served' : 'PERMISSION_DENIED';
}

const REFUSALS: readonly status[] = [status.UNAUTHENTICATED, status.PERMISSION_DENIED];

describe.each(SHOWN)('with %s', (shown) => {
  it('every rpc answers as the table says', async () => {
    const client = new Client(network.address, credentials.createInsecure());
    const answers: Record<string, string> = {};
    const table: Record<string, string> = {};
    for (const [path, permission] of Object.entries(RPC_PERMISSIONS)) {
      const code = await statusOf(client, path, shown);
      answers[path] = REFUSALS.includes(code) ? status[code] : 'served';
      table[path] = promised(permission, shown);
    }
    client.close();
    expect(answers).toEqual(table);
  });

  it.each(Object.keys(ROUTE_PERMISSIONS))('%s answers as the table says', async (route) => {
    const [method = '', pattern = ''] = route.split(' ');
    const { httpPort } = (await network.coordinator.message('ready')) as { httpPort: number };
    const url = `http://127.0.0.1:${httpPort}${pattern.replace(':sha256', '0'.repeat(64))}`;
    const secret = secrets.get(shown);
    const headers = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
    const response = await fetch(url, { method, headers, ...(method === 'PUT' && { body: 'x' }) });
    await response.arrayBuffer();
    const expected = promised(permissionOf(ROUTE_PERMISSIONS, route), shown);
    const codes = { served: expect.not.stringMatching(/^40[13]$/), UNAUTHENTICATED: '401', PERMISSION_DENIED: '403' };
    expect(String(response.status)).toEqual(codes[expected]);
    expect(response.headers.has('www-authenticate')).toBe(expected === 'UNAUTHENTICATED');
  });
});

describe('a prover with a key', () => {
  function prover(id: string, ...args: readonly string[]): Program {
    const common = ['--url', network.url, '--id', id, '--compute-units', '1', '--key-file', fileOf('prove')];
    return Program.start('dist/prover/main.js', [...common, ...args], { DISTRIBUTED_DATA_DIR: scratchFolder() });
  }

  it.each(['stream', 'unary'])('connects under its own name and under no other (%s)', async (transport) => {
    const anna = prover('anna', '--transport', transport);
    await anna.message('connected');
    const bertha = prover('bertha', '--transport', transport);
    await expect(bertha.message('cannot connect')).resolves.toMatchObject({
      reason: expect.stringContaining('not the one of the prover bertha'),
      hint: expect.stringContaining('--key-file'),
    });
    await Promise.all([anna.stop(), bertha.stop()]);
  });

  it('loses its connection, and does not come back, when the key is revoked', async () => {
    const anna = prover('anna');
    await anna.message('connected');
    const { keys } = (await asOperator('keys', 'list')) as { keys: { keyId: string; role: string }[] };
    const { keyId = '' } = keys.find(({ role }) => role === 'prove') ?? {};
    await asOperator('keys', 'revoke', keyId);
    await expect(anna.message('connection lost')).resolves.toMatchObject({
      reason: expect.stringMatching(/not valid/),
    });
    await expect(anna.message('cannot connect')).resolves.toMatchObject({ reason: expect.stringMatching(/not valid/) });
    await eventually(async () => {
      const { provers } = (await asOperator('provers')) as { provers: readonly unknown[] };
      return provers.length === 0 || undefined;
    });
    await anna.stop();
  });
});

describe('enrolment', () => {
  const enrolling = (id: string, token: string, data: string) => {
    const args = ['--url', network.url, '--id', id, '--compute-units', '1', '--enrolment-token-file', token];
    return Program.start('dist/prover/main.js', args, { DISTRIBUTED_DATA_DIR: data });
  };

  async function token(name: string, ...args: readonly string[]): Promise<string> {
    const file = join(folder, name);
    await asOperator('keys', 'enrol', '--secret-file', file, ...args);
    secrets.set(name as Shown, readFileSync(file, 'utf8').trim());
    return file;
  }

  it('gives a prover a key of its own, once, which it keeps', async () => {
    const [first, data] = [await token('token-1'), scratchFolder()];
    const clara = enrolling('clara', first, data);
    await expect(clara.message('enrolled')).resolves.toMatchObject({ prover: 'clara' });
    await clara.message('connected');
    await clara.stop();
    const file = join(data, 'provers', '1', 'prover-key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = enrolling('clara', first, data);
    await again.message('connected');
    expect(again.lines.some(({ message }) => message === 'enrolled')).toBe(false);
    await again.stop();
    const thief = enrolling('dora', first, scratchFolder());
    expect(await thief.exited).toMatchObject({ code: 1 });
    expect(thief.lines).toContainEqual(
      expect.objectContaining({ reason: expect.stringMatching(/token is not valid/) }),
    );
  });

  it('gives no name away that somebody has, unless the token is for it', async () => {
    const thief = enrolling('clara', await token('token-2'), scratchFolder());
    expect(await thief.exited).toMatchObject({ code: 1 });
    expect(thief.lines).toContainEqual(
      expect.objectContaining({ reason: expect.stringContaining('has a key already') }),
    );
    const foreign = enrolling('emma', await token('token-3', '--prover', 'clara'), scratchFolder());
    expect(await foreign.exited).toMatchObject({ code: 1 });
    const replaced = enrolling('clara', join(folder, 'token-3'), scratchFolder());
    await replaced.message('connected');
    const { keys } = (await asOperator('keys', 'list')) as { keys: { proverId: string; revokedAtMs: number | null }[] };
    const claras = keys.filter(({ proverId }) => proverId === 'clara');
    expect(claras.map(({ revokedAtMs }) => revokedAtMs === null)).toEqual([false, true]);
    await replaced.stop();
  });
});

describe('the command line', () => {
  it('says what to do without a key, with a wrong one, and with one that others may read', async () => {
    await expect(proofloom('jobs')).resolves.toMatchObject({
      error: { code: 'unauthenticated', hint: expect.stringContaining('--key-file') },
    });
    await expect(proofloom('drain', '--all', '--key-file', fileOf('read'))).resolves.toMatchObject({
      error: { code: 'forbidden', message: expect.stringContaining('operate') },
    });
    const open = join(folder, 'open');
    writeFileSync(open, secrets.get('read') ?? '');
    chmodSync(open, 0o644);
    await expect(proofloom('jobs', '--key-file', open)).resolves.toMatchObject({
      error: { code: 'invalid_settings', message: expect.stringContaining('chmod 600') },
    });
  });

  it('makes no key where it could not keep it, and writes over no file', async () => {
    const before = (await asOperator('keys', 'list'))['keys'];
    const again = await asOperator('keys', 'create', '--role', 'read', '--secret-file', fileOf('read'));
    expect(again).toMatchObject({ error: { code: 'unwritable_file', message: expect.stringContaining('exists') } });
    expect((await asOperator('keys', 'list'))['keys']).toEqual(before);
    expect(readFileSync(fileOf('read'), 'utf8').trim()).toBe(secrets.get('read'));
  });

  it('takes the key in the data directory for an operator, on the coordinator’s machine', async () => {
    const file = join(network.folder, 'coordinator', 'operator-key');
    await expect(proofloom('provers', '--key-file', file)).resolves.toEqual({ provers: [] });
    const environment = { DISTRIBUTED_KEY_FILE: file, DISTRIBUTED_SERVER_URL: network.url };
    const program = Program.start('bin/proofloom.js', ['quarantine', '--json'], environment);
    await program.exited;
    expect(program.lines).toEqual([{ provers: [] }]);
  });
});

describe('the audit log', () => {
  it('says who did what from where, and has no secret', async () => {
    const { keyId } = (await asOperator(
      'keys',
      'create',
      '--role',
      'read',
      '--secret-file',
      join(folder, 'audited'),
    )) as {
      keyId: string;
    };
    const operator = ((await asOperator('keys', 'list')) as { keys: { keyId: string }[] }).keys[0]?.keyId;
    await proofloom('cancel', 'no-such-job', '--key-file', fileOf('submit'));
    const { entries } = (await asOperator('audit', '--limit', '2')) as { entries: Record<string, unknown>[] };
    expect(entries).toMatchObject([
      { action: 'Proofs/Cancel', subject: 'no-such-job', outcome: 'NOT_FOUND', address: '127.0.0.1' },
      { action: 'Access/CreateKey', subject: keyId, outcome: 'OK', address: '127.0.0.1', caller: operator },
    ]);
    const whole = JSON.stringify(await asOperator('audit', '--limit', '1000'));
    for (const secret of secrets.values()) expect(whole).not.toContain(secret.replace(/^.*_/, ''));
    await expect(proofloom('audit', '--key-file', fileOf('read'))).resolves.toMatchObject({
      error: { code: 'forbidden' },
    });
  });
});

describe('the log', () => {
  it('has no secret of the whole run', () => {
    const text = JSON.stringify([network.coordinator.lines, network.coordinator.errors]);
    for (const secret of secrets.values()) expect(text).not.toContain(secret.replace(/^.*_/, ''));
  });
});
