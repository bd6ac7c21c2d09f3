import type { AuditEntry, AuditQuery } from '../../domain/access/audit-entry.js';
import { invalidArgument } from '../../domain/errors.js';
import type { AuditEntry as WireEntry, ListAuditLogRequest } from '../generated/proofloom/v1/access.js';
import { toTimestamp } from '../timestamps.js';

const DEFAULT_PAGE = 100;
const MAX_PAGE = 1000;

/** @throws DomainError INVALID_ARGUMENT naming the field */
export function toAuditQuery({ beforeSequence, pageSize }: ListAuditLogRequest): AuditQuery {
  if (pageSize > MAX_PAGE) throw invalidArgument('page_size', pageSize, `at most ${MAX_PAGE}`);
  return { before: beforeSequence === 0n ? null : Number(beforeSequence), limit: pageSize || DEFAULT_PAGE };
}

export function fromAuditEntry({ sequence, atMs, ...entry }: AuditEntry): WireEntry {
  return { ...entry, sequence: BigInt(sequence), at: toTimestamp(atMs) };
}
