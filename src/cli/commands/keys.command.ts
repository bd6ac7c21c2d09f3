import type { AccessKey } from '../../client/operator-client.js';
import type { Role } from '../../domain/access/role.js';
import { CliError } from '../cli.error.js';
import type { CommandContext, OutputOptions } from '../command-context.js';
import { endpointOf, withOperator, type NetworkOptions } from '../network.js';
import { newSecretFile } from '../secret-file.js';
import type { Report } from '../terminal.js';

export interface EnrolOptions extends OutputOptions, NetworkOptions {
  readonly prover?: string;
  readonly validFor?: number;
  readonly secretFile?: string;
}

export interface CreateKeyOptions extends EnrolOptions {
  readonly role: Role;
  readonly label?: string;
}

/** `proofloom keys create`: makes a key and shows it, this once. */
export async function createKey(options: CreateKeyOptions, context: CommandContext): Promise<Report> {
  const { role, label, prover, validFor, secretFile } = options;
  if ((role === 'prove') !== (prover !== undefined)) {
    const hint = 'add --prover ID to --role prove, and leave it out with other roles';
    throw new CliError('usage', 'a key with the role prove is for one prover, and no other key is', hint);
  }
  const file = secretFile === undefined ? null : newSecretFile(secretFile);
  try {
    const { key, secret } = await withOperator(endpointOf(options, context), context, (client) =>
      client.createKey({
        role,
        ...(label !== undefined && { label }),
        ...(prover !== undefined && { proverId: prover }),
        ...(validFor !== undefined && { validForMs: validFor }),
      }),
    );
    if (file === null) {
      return { facts: { ...key, secret }, lines: [secret, `(${key.keyId}; it is not shown again)`] };
    }
    file.keep(secret);
    return { facts: { ...key, secretFile }, lines: [`${key.keyId} is in ${secretFile}`] };
  } finally {
    file?.close();
  }
}

/** `proofloom keys enrol`: makes a token for a prover and shows it, this once. */
export async function createToken(options: EnrolOptions, context: CommandContext): Promise<Report> {
  const { prover, validFor, secretFile } = options;
  const file = secretFile === undefined ? null : newSecretFile(secretFile);
  try {
    const { token, expiresAtMs } = await withOperator(endpointOf(options, context), context, (client) =>
      client.createEnrolmentToken(prover, validFor),
    );
    const proverId = prover ?? null;
    const until = new Date(expiresAtMs).toISOString();
    if (file === null) {
      return { facts: { proverId, expiresAtMs, token }, lines: [token, `(good once, until ${until})`] };
    }
    file.keep(token);
    const lines = [`a token that is good once, until ${until}, is in ${secretFile}`];
    return { facts: { proverId, expiresAtMs, secretFile }, lines };
  } finally {
    file?.close();
  }
}

/** `proofloom keys list`: all keys, revoked and expired ones too. */
export async function listKeys(options: OutputOptions & NetworkOptions, context: CommandContext): Promise<Report> {
  const keys = await withOperator(endpointOf(options, context), context, (client) => client.keys());
  return { facts: { keys }, lines: keys.length > 0 ? keys.map(keyLine) : ['no keys'] };
}

/** `proofloom keys revoke`: ends a key. */
export async function revokeKey(
  keyId: string,
  options: OutputOptions & NetworkOptions,
  context: CommandContext,
): Promise<Report> {
  const key = await withOperator(endpointOf(options, context), context, (client) => client.revokeKey(keyId));
  return { facts: { ...key }, lines: [`${key.keyId} opens nothing any more`] };
}

function keyLine({ keyId, role, proverId, createdAtMs, expiresAtMs, revokedAtMs, label }: AccessKey): string {
  const made = new Date(createdAtMs).toISOString();
  const until = expiresAtMs === null ? '' : `  valid until ${new Date(expiresAtMs).toISOString()}`;
  const end = revokedAtMs === null ? until : `  revoked ${new Date(revokedAtMs).toISOString()}`;
  return `${keyId}  ${role.padEnd(7)}  ${made}${end}  ${[proverId ?? '', label].join(' ').trim()}`.trimEnd();
}
