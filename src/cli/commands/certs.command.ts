import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../lifecycle/system-error.js';
import type { CertificateSubject, IssuedCertificate } from '../../tls/certificate-authority.js';
import { CliError } from '../cli.error.js';
import type { OutputOptions } from '../command-context.js';
import { reasonOf } from '../files.js';
import type { Report } from '../terminal.js';

export interface CertsOptions extends OutputOptions {
  readonly host?: readonly string[];
  readonly caller?: string;
  readonly validFor?: number;
}

const OWNER_ONLY = 0o600;
const DAY_MS = 86_400_000;
const DEFAULT_VALID_MS = 365 * DAY_MS;
/** The authority outlives what it signs. */
const CA_VALID_MS = 3650 * DAY_MS;
/** Clocks of other machines may be behind this one. */
const SKEW_MS = 300_000;
const DEFAULT_HOSTS = ['localhost', '127.0.0.1', '::1'];

/**
 * `proofloom certs`: a certificate for a coordinator or a caller, signed by the authority in the folder, which is made
 * where there is none.
 */
export async function certs(folder: string, options: CertsOptions): Promise<Report> {
  const { caller, host = [], validFor = DEFAULT_VALID_MS } = options;
  const name = caller ?? 'coordinator';
  const subject: CertificateSubject =
    caller === undefined
      ? { kind: 'coordinator', hosts: [...host, ...DEFAULT_HOSTS] }
      : { kind: 'caller', name: caller };
  const { issueCertificate, newAuthority } = await certificateAuthority();
  const nowMs = Date.now();
  const validity = (ms: number) => ({ fromMs: nowMs - SKEW_MS, untilMs: nowMs + ms });
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}-key.pem`), ca: join(folder, 'ca.pem') };
  const authority = (await kept(folder)) ?? (await write(folder, 'ca', await newAuthority(validity(CA_VALID_MS))));
  await write(folder, name, await issueCertificate(authority, subject, validity(validFor)));
  const until = new Date(validity(validFor).untilMs).toISOString();
  return {
    facts: { ...files, validUntilMs: validity(validFor).untilMs },
    lines: [
      `DISTRIBUTED_TLS_CERT=${files.cert}`,
      `DISTRIBUTED_TLS_KEY=${files.key}`,
      `DISTRIBUTED_TLS_CA=${files.ca}`,
      `(valid until ${until}; whoever has ${join(folder, 'ca-key.pem')} can make others)`,
    ],
  };
}

/** Packed, the command line comes without the library of certificates: six megabytes for this one command. */
async function certificateAuthority() {
  try {
    return await import('../../tls/certificate-authority.js');
  } catch (error) {
    if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
    const hint = 'install it beside this package: npm install @peculiar/x509';
    throw new CliError(
      'unavailable',
      'the library that makes certificates is not installed',
      hint,
      {},
      { cause: error },
    );
  }
}

async function kept(folder: string): Promise<IssuedCertificate | null> {
  const [cert, key] = [join(folder, 'ca.pem'), join(folder, 'ca-key.pem')];
  if (!existsSync(cert) && !existsSync(key)) return null;
  // A new authority in the place of one that others trust would be found out only when they refuse what it signs.
  if (!existsSync(cert) || !existsSync(key)) {
    const hint = 'put ca.pem and ca-key.pem back together, or choose another folder';
    throw new CliError('unreadable_file', `${folder} has half an authority`, hint);
  }
  try {
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } catch (error) {
    throw new CliError(
      'unreadable_file',
      `the authority in ${folder} cannot be read: ${reasonOf(error)}`,
      'check the path',
    );
  }
}

/** Writes over what is there: a certificate is renewed by making it again. */
async function write(folder: string, name: string, pair: IssuedCertificate): Promise<IssuedCertificate> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, `${name}-key.pem`), pair.key, { mode: OWNER_ONLY });
    writeFileSync(join(folder, `${name}.pem`), pair.cert);
    return pair;
  } catch (error) {
    throw new CliError(
      'unwritable_file',
      `no certificate can be written to ${folder}: ${reasonOf(error)}`,
      'choose another folder',
    );
  }
}
