import type { ApiKey } from '../../domain/access/api-key.js';
import type { Role } from '../../domain/access/role.js';
import { invalidArgument } from '../../domain/errors.js';
import { parseProverId, type ProverId } from '../../domain/ids.js';
import {
  Role as WireRole,
  type CreateEnrolmentTokenRequest,
  type CreateKeyRequest,
  type EnrolRequest,
  type Key,
} from '../generated/proofloom/v1/access.js';
import { toTimestamp } from '../timestamps.js';

export const WIRE_ROLES: Readonly<Record<Role, WireRole>> = {
  submit: WireRole.ROLE_SUBMIT,
  read: WireRole.ROLE_READ,
  operate: WireRole.ROLE_OPERATE,
  prove: WireRole.ROLE_PROVE,
};

const MAX_LABEL = 256;
/** Ten years: whatever lasts longer is meant to last until it is revoked. */
const MAX_VALID_MS = 3650 * 86_400_000;

/** @throws DomainError INVALID_ARGUMENT naming the field */
export function toKeyWish({ role, label, proverId, validForMs }: CreateKeyRequest) {
  if (label.length > MAX_LABEL) throw invalidArgument('label', label.slice(0, 40), `at most ${MAX_LABEL} characters`);
  return {
    role: toRole(role),
    label,
    prover: proverId === '' ? null : toNamedProver(proverId),
    validForMs: toValidity(validForMs, 'valid_for_ms'),
  };
}

/** @throws DomainError INVALID_ARGUMENT naming the field */
function toValidity(validForMs: bigint, field: string): number | null {
  if (validForMs > BigInt(MAX_VALID_MS)) {
    throw invalidArgument(field, String(validForMs), `at most ${MAX_VALID_MS}, which is ten years, or 0 for no end`);
  }
  return validForMs === 0n ? null : Number(validForMs);
}

function toNamedProver(proverId: string): ProverId {
  return parseProverId(proverId, 'prover_id');
}

/** @throws DomainError INVALID_ARGUMENT naming the field */
export function toTokenWish({ proverId, validForMs }: CreateEnrolmentTokenRequest) {
  return {
    prover: proverId === '' ? null : toNamedProver(proverId),
    validForMs: toValidity(validForMs, 'valid_for_ms'),
  };
}

/** @throws DomainError INVALID_ARGUMENT naming the field, without anything of the token */
export function toEnrolment({ token, proverId }: EnrolRequest) {
  if (token === '' || token.length > MAX_LABEL) {
    throw invalidArgument('token', '...', 'an enrolment token as it was shown');
  }
  return { token, prover: toNamedProver(proverId) };
}

export function fromKey({ id, role, label, prover, createdAtMs, expiresAtMs, revokedAtMs }: ApiKey): Key {
  return {
    keyId: id,
    role: WIRE_ROLES[role],
    label,
    proverId: prover ?? '',
    createdAt: toTimestamp(createdAtMs),
    expiresAt: expiresAtMs === null ? undefined : toTimestamp(expiresAtMs),
    revokedAt: revokedAtMs === null ? undefined : toTimestamp(revokedAtMs),
  };
}

/** @throws DomainError INVALID_ARGUMENT */
function toRole(role: WireRole): Role {
  const found = (Object.entries(WIRE_ROLES) as [Role, WireRole][]).find(([, wire]) => wire === role);
  if (!found) throw invalidArgument('role', role, 'ROLE_SUBMIT, ROLE_READ, ROLE_OPERATE or ROLE_PROVE');
  return found[0];
}
