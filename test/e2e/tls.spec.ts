// TLS between real processes: who trusts whom, what the others are told, and renewal without a restart.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { ProofloomClient } from '../../src/client/proofloom-client.js';
import {
  issueCertificate,
  newAuthority,
  type CertificateSubject,
  type IssuedCertificate,
} from '../../src/tls/certificate-authority.js';
import { eventually } from '../support/calls.js';
import { cleanUp, Program, scratchFolder } from '../support/program.js';

const NETWORK_MS = 300_000;
const HOUR_MS = 3_600_000;
const NOW = { fromMs: Date.now() - HOUR_MS, untilMs: Date.now() + HOUR_MS };
const PAST = { fromMs: Date.now() - 2 * HOUR_MS, untilMs: Date.now() - HOUR_MS };
const HERE: CertificateSubject = { kind: 'coordinator', hosts: ['127.0.0.1'] };
const ELSEWHERE: CertificateSubject = { kind: 'coordinator', hosts: ['coordinator.example.org'] };
const CALLER: CertificateSubject = { kind: 'caller', name: 'anna' };

const folder = scratchFolder();
let authority: IssuedCertificate;
let stranger: IssuedCertificate;

type Variables = Record<string, string>;

/** Writes a certificate and its key, and returns the settings that name them. */
function written(name: string, { cert, key }: IssuedCertificate): Variables {
  const [certFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key, { mode: 0o600 });
  return { DISTRIBUTED_TLS_CERT: certFile, DISTRIBUTED_TLS_KEY: keyFile };
}

/** The settings that trust an authority. */
function trusting(name: string, { cert }: IssuedCertificate): Variables {
  const file = join(folder, `${name}-ca.pem`);
  writeFileSync(file, cert);
  return { DISTRIBUTED_TLS_CA: file };
}

interface Served {
  readonly program: Program;
  readonly port: number;
  readonly httpPort: number;
}

async function coordinator(settings: Variables): Promise<Served> {
  const ports = ['--host', '127.0.0.1', '--http-host', '127.0.0.1', '--port', '0', '--http-port', '0'];
  const program = Program.start('dist/coordinator/main.js', ['server', ...ports], settings);
  const { grpcPort, httpPort, tls } = (await program.message('ready')) as Record<string, number>;
  if (Boolean(tls) !== 'DISTRIBUTED_TLS_CERT' in settings) throw new Error('not as it was set');
  return { program, port: grpcPort ?? 0, httpPort: httpPort ?? 0 };
}

/** What `proofloom jobs` answers. */
async function jobs(url: string, settings: Variables = {}): Promise<Record<string, unknown>> {
  const program = Program.start('bin/proofloom.js', ['jobs', '--json', '--url', url], settings);
  await program.exited;
  expect(program.errors).toEqual([]);
  return program.lines[0] ?? {};
}

function failure(code: string, message: string): unknown {
  return { error: expect.objectContaining({ code, message: expect.stringContaining(message) }) };
}

async function statusOverHttps(port: number, ca: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/livez', ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [authority, stranger] = await Promise.all([newAuthority(NOW), newAuthority(NOW)]);
});

afterAll(cleanUp);

describe('a coordinator with a certificate', () => {
  let served: Served;
  let url: string;
  let trust: Variables;

  beforeAll(async () => {
    served = await coordinator(written('server', await issueCertificate(authority, HERE, NOW)));
    url = `https://127.0.0.1:${served.port}`;
    trust = trusting('known', authority);
  }, NETWORK_MS);

  afterAll(() => served.program.stop());

  it('serves command line, client, HTTP and provers of both transports', async () => {
    await expect(jobs(url, trust)).resolves.toEqual({ jobs: [] });
    await expect(statusOverHttps(served.httpPort, authority.cert)).resolves.toBe(200);
    const client = new ProofloomClient(url, { tls: { ca: authority.cert } });
    await expect(client.status()).resolves.toMatchObject({ totalProvers: 0 });
    for (const transport of ['stream', 'unary']) {
      const args = ['--url', url, '--id', transport, '--transport', transport, '--compute-units', '1'];
      const prover = Program.start('dist/prover/main.js', args, { ...trust, DISTRIBUTED_DATA_DIR: scratchFolder() });
      await expect(prover.message('connected')).resolves.toMatchObject({ coordinator: url });
      await prover.stop();
    }
    client.close();
  });

  it('is not trusted without its authority, or with another', async () => {
    const refused = failure('untrusted', 'no authority that is trusted here');
    await expect(jobs(url)).resolves.toEqual(refused);
    await expect(jobs(url, trusting('other', stranger))).resolves.toEqual(refused);
    await expect(statusOverHttps(served.httpPort, stranger.cert)).rejects.toThrow(/certificate/);
  });

  it('says nothing to those who speak plainly', async () => {
    await expect(jobs(`http://127.0.0.1:${served.port}`, trust)).resolves.toEqual(failure('unreachable', 'https://'));
    await expect(fetch(`http://127.0.0.1:${served.httpPort}/livez`)).rejects.toThrow('fetch failed');
  });

  it('takes up certificates that were renewed, and keeps the old ones while the new do not fit', async () => {
    const { program, port } = served;
    written('server', await issueCertificate(authority, HERE, PAST));
    await program.message('certificates read again');
    await expect(jobs(url, trust)).resolves.toEqual(failure('untrusted', 'has expired'));
    written('server', await issueCertificate(authority, ELSEWHERE, NOW));
    await eventually(async () => (await jobs(url, trust))['error'] && program.lines.filter(isReadAgain).length === 2);
    await expect(jobs(url, trust)).resolves.toEqual(failure('untrusted', 'for other names'));
    const fitting = await issueCertificate(authority, HERE, NOW);
    writeFileSync(join(folder, 'server-key.pem'), stranger.key, { mode: 0o600 });
    await expect(program.message('certificates not read again')).resolves.toMatchObject({
      reason: expect.stringContaining('not the key of the certificate'),
    });
    written('server', fitting);
    await eventually(async () => program.lines.filter(isReadAgain).length === 3 || undefined);
    await expect(jobs(`https://127.0.0.1:${port}`, trust)).resolves.toEqual({ jobs: [] });
  });
});

describe('a coordinator that asks for certificates', () => {
  let required: Served;
  let url: string;
  let trust: Variables;

  beforeAll(async () => {
    trust = trusting('known', authority);
    const own = written('strict', await issueCertificate(authority, HERE, NOW));
    required = await coordinator({ ...own, ...trust, DISTRIBUTED_TLS_CLIENT_AUTH: 'required' });
    url = `https://127.0.0.1:${required.port}`;
  }, NETWORK_MS);

  afterAll(() => required.program.stop());

  it('serves those of its authority', async () => {
    const own = written('anna', await issueCertificate(authority, CALLER, NOW));
    await expect(jobs(url, { ...trust, ...own })).resolves.toEqual({ jobs: [] });
  });

  it.each(['none', 'foreign', 'expired'])('refuses a caller whose certificate is %s', async (kind) => {
    const signer = kind === 'foreign' ? stranger : authority;
    const own = written(kind, await issueCertificate(signer, CALLER, kind === 'expired' ? PAST : NOW));
    const answer = await jobs(url, { ...trust, ...(kind === 'none' ? {} : own) });
    expect(answer).toEqual({
      error: expect.objectContaining({ message: expect.stringMatching(/DISTRIBUTED_TLS_CERT/) }),
    });
    await expect(statusOverHttps(required.httpPort, authority.cert)).rejects.toThrow(
      /certificate required|socket|ECONNRESET/,
    );
  });
});

describe('without TLS on the other side', () => {
  it('an https address is an error, and nothing is sent in its place', async () => {
    const plain = await coordinator({});
    const answer = await jobs(`https://127.0.0.1:${plain.port}`, trusting('known', authority));
    expect(answer).toEqual(failure('untrusted', 'does not speak TLS'));
    await plain.program.stop();
  });

  it('a key that others may read, and one of another certificate, keep a coordinator from starting', async () => {
    const pair = written('loose', await issueCertificate(authority, HERE, NOW));
    const other = written('mixed', await issueCertificate(authority, HERE, NOW));
    const mixed = { ...pair, DISTRIBUTED_TLS_KEY: other['DISTRIBUTED_TLS_KEY'] ?? '' };
    await expect(refusalOf(mixed)).resolves.toContain('not the key of the certificate');
    const open = join(folder, 'open-key.pem');
    writeFileSync(open, readFileSync(pair['DISTRIBUTED_TLS_KEY'] ?? ''), { mode: 0o644 });
    await expect(refusalOf({ ...pair, DISTRIBUTED_TLS_KEY: open })).resolves.toContain('chmod 600');
  });
});

async function refusalOf(settings: Variables): Promise<string> {
  const program = Program.start('dist/coordinator/main.js', ['server', '--port', '0', '--http-port', '0'], settings);
  expect(await program.exited).toMatchObject({ code: 2 });
  return program.errors.join('');
}

function isReadAgain({ message }: Record<string, unknown>): boolean {
  return message === 'certificates read again';
}
