import { invalidArgument } from '../errors.js';
import type { Sha256 } from '../ids.js';
import { SEGMENT_CYCLES } from './segment-limits.js';

/** What the program may use before the job is ended with the guest's own failure. */
export interface GuestLimits {
  readonly maxCycles: number;
  readonly maxMemoryBytes: number;
  readonly maxOutputBytes: number;
}

/** What a client asks to be proven. Equal requests under one idempotency key are one job. */
export interface JobRequest {
  readonly program: Sha256;
  readonly input: Sha256;
  /** Compute units the job may use at a time; segment i belongs to unit i mod computeUnits. */
  readonly computeUnits: number;
  /** Larger goes first; 0 is ordinary. */
  readonly priority: number;
  /** Largest number of cycles in one segment. */
  readonly segmentCycles: number;
  readonly limits: GuestLimits;
  /** Time from submission to the deadline; null for none. */
  readonly deadlineMs: number | null;
  /** The client's own names for the job; the stream API's block id is the label `block_id`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Proves one node's partition only, without aggregation; null for a real job. */
  readonly simulatedNode: number | null;
}

/** How long the coordinator waits in one job; fixed when the job is accepted. */
export interface JobRules {
  /** Attempts before the job fails with FAULTY_PROVERS. */
  readonly maxAttempts: number;
  /** Distinct provers lost on one task before it counts as poison. */
  readonly maxProversLost: number;
  /** Losses on one task by any provers, so that one prover crashing for ever ends as well. */
  readonly maxLosses: number;
  /** Failures reported for one task before the coordinator does it itself. */
  readonly maxFailures: number;
  /** Failures of coordinator tasks (planning, recomputations) in a row. */
  readonly maxOwnFailures: number;
}

export const DEFAULT_RULES: JobRules = {
  maxAttempts: 3,
  maxProversLost: 3,
  maxLosses: 9,
  maxFailures: 5,
  maxOwnFailures: 5,
};

/** Most characters of texts that callers send along. */
export const TEXT_LENGTHS = { idempotencyKey: 256, reason: 1000 } as const;

/** From the smallest to the largest of each number: the one range for everybody who checks it. */
export const REQUEST_RANGES = {
  computeUnits: { min: 1, max: 10_000 },
  priority: { min: -100, max: 100 },
  segmentCycles: SEGMENT_CYCLES,
  maxCycles: { min: 1, max: Number.MAX_SAFE_INTEGER },
  deadlineMs: { min: 1, max: 2 ** 40 },
} as const;
const MAX_LABELS = 16;
const MAX_LABEL_LENGTH = 256;

/** @throws DomainError INVALID_ARGUMENT naming the first field out of range. */
export function checkRequest(request: JobRequest): void {
  integer('compute_units', request.computeUnits, REQUEST_RANGES.computeUnits);
  integer('priority', request.priority, REQUEST_RANGES.priority);
  integer('segment_cycles', request.segmentCycles, REQUEST_RANGES.segmentCycles);
  integer('max_cycles', request.limits.maxCycles, REQUEST_RANGES.maxCycles);
  integer('max_memory_bytes', request.limits.maxMemoryBytes, { min: 1, max: 2 ** 40 });
  integer('max_output_bytes', request.limits.maxOutputBytes, { min: 0, max: 2 ** 26 });
  if (request.deadlineMs !== null) integer('deadline_ms', request.deadlineMs, REQUEST_RANGES.deadlineMs);
  const { simulatedNode } = request;
  if (simulatedNode !== null) integer('simulated_node', simulatedNode, { min: 0, max: request.computeUnits - 1 });
  checkLabels(request.labels);
}

function integer(field: string, value: number, { min, max }: { readonly min: number; readonly max: number }): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw invalidArgument(field, value, `a whole number from ${min} to ${max}`);
  }
}

function checkLabels(labels: Readonly<Record<string, string>>): void {
  const entries = Object.entries(labels);
  if (entries.length > MAX_LABELS) throw invalidArgument('labels', entries.length, `at most ${MAX_LABELS} labels`);
  for (const [name, value] of entries) {
    if (name.length === 0 || name.length + value.length > MAX_LABEL_LENGTH) {
      throw invalidArgument(
        `labels.${name.slice(0, 40)}`,
        value.slice(0, 40),
        `named, at most ${MAX_LABEL_LENGTH} characters`,
      );
    }
  }
}

/** The first field in which two requests differ, or null: what ALREADY_EXISTS names. */
export function firstDifference(one: JobRequest, other: JobRequest): string | null {
  const fields = Object.keys(one) as (keyof JobRequest)[];
  return fields.find((field) => canonical(one[field]) !== canonical(other[field])) ?? null;
}

function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries);
}
