import {
  AccessClient,
  type CreateEnrolmentTokenResponse,
  type CreateKeyResponse,
  type ListAuditLogResponse,
  type Key,
  type ListKeysResponse,
  type RevokeKeyResponse,
} from '../wire/generated/proofloom/v1/access.js';
import { AdminClient, type ListQuarantineResponse } from '../wire/generated/proofloom/v1/admin.js';
import { WIRE_ROLES } from '../wire/access/key.js';
import { fromTimestamp } from '../wire/timestamps.js';
import { ROLES, type Role } from '../domain/access/role.js';
import { ArgumentError } from './argument.error.js';
import { checkFields, checkId, checkReason } from './arguments.js';
import { unaryAnswer } from './call.js';
import { soon, targetOf } from './channel.js';
import { ClientError } from './client.error.js';
import type { ConnectionOptions } from './connection-options.js';

/** A prover that gets no work until an operator releases it. */
export interface QuarantinedProver {
  readonly proverId: string;
  readonly reason: string;
  /** The job it gave a wrong result in; null where an operator quarantined it. */
  readonly jobId: string | null;
  /** Unix milliseconds. */
  readonly sinceMs: number;
  /** Sent home by an operator; nothing was wrong with its results. */
  readonly drained: boolean;
}

/** A key as operators see it. */
export interface AccessKey {
  readonly keyId: string;
  readonly role: Role;
  readonly label: string;
  /** The prover that a key with the role `prove` is for; null with any other role. */
  readonly proverId: string | null;
  /** Unix milliseconds, as the two below. */
  readonly createdAtMs: number;
  /** null: never. */
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
}

/** Something that somebody did. */
export interface AuditLogEntry {
  readonly sequence: number;
  /** Unix milliseconds. */
  readonly atMs: number;
  /** `Service/Call` */
  readonly action: string;
  /** The id of a key, `operator-key`, or `anyone`. */
  readonly caller: string;
  readonly address: string;
  /** The id of a job, prover or key. */
  readonly subject: string;
  /** `OK`, or the name of a gRPC status. */
  readonly outcome: string;
}

export interface KeyRequest {
  readonly role: Role;
  /** For people. Default: empty. */
  readonly label?: string;
  /** The prover that the key is for; with the role `prove`, and with no other. */
  readonly proverId?: string;
  /** Default: until it is revoked. */
  readonly validForMs?: number;
}

const MAX_PAGE = 1000;

/**
 * A coordinator's calls for operators. Every call rejects with `ClientError`, or with a TypeError that names the
 * argument that is wrong; close the client when done.
 */
export class OperatorClient {
  private readonly admin: AdminClient;
  private readonly access: AccessClient;

  /** @param url `http://host:port`, or `https://host:port` */
  constructor(url: string, connection: ConnectionOptions = {}) {
    const { address, credentials, options } = targetOf(url, connection);
    this.admin = new AdminClient(address, credentials, options);
    this.access = new AccessClient(address, credentials, options);
  }

  /**
   * Gives a prover, or all that are connected, nothing new until it is released, and sends it home when it is done.
   * Returns who is on the way.
   */
  async drain(proverId = '', reason = ''): Promise<readonly string[]> {
    if (proverId !== '') checkId('proverId', proverId);
    checkReason(reason);
    const { draining } = await unaryAnswer<{ draining: string[] }>((done) =>
      this.admin.drain({ proverId, reason }, ...soon(), done),
    );
    return draining;
  }

  /** Provers that were quarantined, and why. */
  async quarantined(): Promise<readonly QuarantinedProver[]> {
    const { provers } = await unaryAnswer<ListQuarantineResponse>((done) =>
      this.admin.listQuarantine({}, ...soon(), done),
    );
    return provers.map(({ proverId, reason, jobId, since, drained }) => ({
      proverId,
      reason,
      jobId: jobId === '' ? null : jobId,
      sinceMs: since ? fromTimestamp(since) : 0,
      drained,
    }));
  }

  /** Lets a prover work again. False where it was not quarantined. */
  async release(proverId: string): Promise<boolean> {
    checkId('proverId', proverId);
    const { released } = await unaryAnswer<{ released: boolean }>((done) =>
      this.admin.releaseQuarantine({ proverId }, ...soon(), done),
    );
    return released;
  }

  /** Makes a key. Its secret is in this answer and nowhere else. */
  async createKey(request: KeyRequest): Promise<{ readonly key: AccessKey; readonly secret: string }> {
    checkKeyRequest(request);
    const { role, label = '', proverId = '', validForMs = 0 } = request;
    const message = { role: WIRE_ROLES[role], label, proverId, validForMs: BigInt(validForMs) };
    const { key, secret } = await unaryAnswer<CreateKeyResponse>((done) =>
      this.access.createKey(message, ...soon(), done),
    );
    return { key: fromWireKey(key), secret };
  }

  /** Makes a token that one prover, once, gets its key for: the named one, or any that has none yet. */
  async createEnrolmentToken(
    proverId = '',
    validForMs = 0,
  ): Promise<{ readonly token: string; readonly expiresAtMs: number }> {
    if (proverId !== '') checkId('proverId', proverId);
    checkValidity(validForMs);
    const { token, expiresAt } = await unaryAnswer<CreateEnrolmentTokenResponse>((done) =>
      this.access.createEnrolmentToken({ proverId, validForMs: BigInt(validForMs) }, ...soon(), done),
    );
    return { token, expiresAtMs: expiresAt ? fromTimestamp(expiresAt) : 0 };
  }

  /** Who did what from where, newest first. @param limit at most so many, from 1 to 1000 */
  async auditLog(limit = 100): Promise<readonly AuditLogEntry[]> {
    checkPageSize(limit);
    const request = { beforeSequence: 0n, pageSize: limit };
    const { entries } = await unaryAnswer<ListAuditLogResponse>((done) =>
      this.access.listAuditLog(request, ...soon(), done),
    );
    return entries.map(({ sequence, at, action, caller, address, subject, outcome }) => ({
      sequence: Number(sequence),
      atMs: at ? fromTimestamp(at) : 0,
      action,
      caller,
      address,
      subject,
      outcome,
    }));
  }

  /** Every key that was ever made, oldest first. */
  async keys(): Promise<readonly AccessKey[]> {
    const { keys } = await unaryAnswer<ListKeysResponse>((done) => this.access.listKeys({}, ...soon(), done));
    return keys.map(fromWireKey);
  }

  /** Ends a key for good, and every call that runs with it. */
  async revokeKey(keyId: string): Promise<AccessKey> {
    checkId('keyId', keyId);
    const { key } = await unaryAnswer<RevokeKeyResponse>((done) => this.access.revokeKey({ keyId }, ...soon(), done));
    return fromWireKey(key);
  }

  close(): void {
    this.admin.close();
    this.access.close();
  }
}

function checkKeyRequest(request: unknown): void {
  checkFields('request', request, 'an object with the role');
  const { role, label, proverId, validForMs } = request;
  if (!ROLES.some((known) => known === role)) throw new ArgumentError('role', role, `one of ${ROLES.join(', ')}`);
  if (label !== undefined && typeof label !== 'string') throw new ArgumentError('label', label, 'a string');
  if (proverId !== undefined && proverId !== '') checkId('proverId', proverId);
  checkValidity(validForMs);
}

function checkPageSize(limit: unknown): void {
  if (Number.isSafeInteger(limit) && Number(limit) >= 1 && Number(limit) <= MAX_PAGE) return;
  throw new ArgumentError('limit', limit, `a whole number from 1 to ${MAX_PAGE}`);
}

function checkValidity(validForMs: unknown): void {
  if (validForMs === undefined || (Number.isSafeInteger(validForMs) && Number(validForMs) >= 0)) return;
  throw new ArgumentError('validForMs', validForMs, 'a whole number of milliseconds, or 0 for no end');
}

function fromWireKey(key: Key | undefined): AccessKey {
  const role = ROLES.find((known) => WIRE_ROLES[known] === key?.role);
  if (!key || !role) {
    throw new ClientError('failed', 'the coordinator answered with a key that this version does not know');
  }
  const { keyId, label, proverId, createdAt, expiresAt, revokedAt } = key;
  return {
    keyId,
    role,
    label,
    proverId: proverId === '' ? null : proverId,
    createdAtMs: createdAt ? fromTimestamp(createdAt) : 0,
    expiresAtMs: expiresAt ? fromTimestamp(expiresAt) : null,
    revokedAtMs: revokedAt ? fromTimestamp(revokedAt) : null,
  };
}
