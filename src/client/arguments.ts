// Checks what applications pass, which need not be written in TypeScript: every wrong argument is named before anything
// is sent.
import { isUint8Array } from 'node:util/types';
import { ID_PATTERN, ID_RULE, SHA256_PATTERN } from '../domain/ids.js';
import { REQUEST_RANGES, TEXT_LENGTHS } from '../domain/job/request.js';
import { ArgumentError } from './argument.error.js';

interface Range {
  readonly min: number;
  readonly max: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Longest time that timers of Node take. */
const MAX_MS = 2 ** 31 - 1;

export function checkUrl(value: unknown): asserts value is string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  const known = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!known || url.hostname === '') throw new ArgumentError('url', value, 'http://host:port or https://host:port');
}

export function checkBytes(field: string, value: unknown): void {
  if (!isUint8Array(value)) throw new ArgumentError(field, value, 'a Uint8Array with the bytes themselves');
}

/** Id of a job or prover. */
export function checkId(field: string, value: unknown): void {
  if (typeof value !== 'string' || !ID_PATTERN.test(value)) throw new ArgumentError(field, value, ID_RULE);
}

export function checkSha256(field: string, value: unknown): void {
  if (typeof value === 'string' && SHA256_PATTERN.test(value)) return;
  throw new ArgumentError(field, value, 'a SHA-256 digest as 64 lower-case hexadecimal digits');
}

export function checkReason(value: unknown): void {
  checkText('reason', value, TEXT_LENGTHS.reason);
}

export function checkFlag(field: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') throw new ArgumentError(field, value, 'true or false');
}

/** A function that may be left out. */
export function checkListener(field: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw new ArgumentError(field, value, 'a function');
}

/** A signal that may be left out; one of another library will do. */
export function checkSignal(value: unknown): void {
  if (value === undefined || value instanceof AbortSignal) return;
  const isSignal = isFields(value) && typeof value['aborted'] === 'boolean' && 'addEventListener' in value;
  if (!isSignal) throw new ArgumentError('signal', value, 'an AbortSignal');
}

export function checkDownload(options: unknown): void {
  checkFields('options', options, 'an object');
  const { signal, idleTimeoutMs, onProgress } = options;
  checkSignal(signal);
  checkListener('onProgress', onProgress);
  if (idleTimeoutMs !== undefined) checkInteger('idleTimeoutMs', idleTimeoutMs, { min: 0, max: MAX_MS });
}

/** What a call is given as one object of fields. */
export function checkFields(field: string, value: unknown, allowed: string): asserts value is Fields {
  if (!isFields(value)) throw new ArgumentError(field, value, allowed);
}

/** The program and how it is to be proven; a number of 0 leaves the choice to the coordinator. */
export function checkProofRequest(request: unknown): void {
  checkFields('request', request, 'an object with the program');
  checkBytes('program', request['program']);
  const { input, idempotencyKey, labels, priority, maxCycles } = request;
  if (input !== undefined) checkBytes('input', input);
  if (idempotencyKey !== undefined) checkText('idempotencyKey', idempotencyKey, TEXT_LENGTHS.idempotencyKey);
  if (labels !== undefined) checkLabels(labels);
  if (priority !== undefined) checkInteger('priority', priority, REQUEST_RANGES.priority);
  checkChoice('computeCapacity', request['computeCapacity'], REQUEST_RANGES.computeUnits);
  checkChoice('deadlineMs', request['deadlineMs'], REQUEST_RANGES.deadlineMs);
  checkChoice('segmentCycles', request['segmentCycles'], REQUEST_RANGES.segmentCycles);
  if (maxCycles !== undefined) checkCycles(maxCycles, REQUEST_RANGES.maxCycles);
}

export function checkWatch(jobId: unknown, options: unknown): void {
  checkId('jobId', jobId);
  checkFields('options', options, 'an object');
  const { after, signal } = options;
  if (after !== undefined) checkInteger('after', after, { min: 0, max: Number.MAX_SAFE_INTEGER });
  checkSignal(signal);
}

export function checkListOptions(options: unknown, known: readonly string[]): void {
  checkFields('options', options, 'an object');
  const { states, labels } = options;
  if (labels !== undefined) checkLabels(labels);
  if (states === undefined) return;
  if (!Array.isArray(states)) throw new ArgumentError('states', states, 'an array of names of states');
  const unknown = (states as readonly unknown[]).find((state) => !known.some((name) => name === state));
  if (unknown !== undefined) throw new ArgumentError('states', unknown, `of ${known.join(', ')}`);
}

/** A job as other calls return it. */
export function checkJob(job: unknown): void {
  const allowed = 'a job as get, wait and prove return it (get takes its id)';
  checkFields('job', job, allowed);
  const { id, proof } = job;
  if (typeof id !== 'string' || proof === undefined) throw new ArgumentError('job', job, allowed);
  checkId('job.id', id);
  if (proof === null) return;
  checkFields('job.proof', proof, 'the digest and size of a proof, or null');
  checkSha256('job.proof.sha256', proof['sha256']);
}

/** Counts and lengths of labels are the coordinator's to limit. */
function checkLabels(labels: unknown): void {
  checkFields('labels', labels, 'an object of strings');
  for (const [name, value] of Object.entries(labels)) {
    if (typeof value !== 'string') throw new ArgumentError(`labels.${name}`, value, 'a string');
  }
}

function checkText(field: string, value: unknown, maxLength: number): void {
  if (typeof value === 'string' && value.length <= maxLength) return;
  throw new ArgumentError(field, value, `a string of at most ${maxLength} characters`);
}

function checkInteger(field: string, value: unknown, { min, max }: Range): void {
  if (Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max) return;
  throw new ArgumentError(field, value, `a whole number from ${min} to ${max}`);
}

/** A number that may be left out, or 0, which is the same. */
function checkChoice(field: string, value: unknown, range: Range): void {
  if (value !== undefined && value !== 0) checkInteger(field, value, range);
}

function checkCycles(value: unknown, { max }: Range): void {
  if (typeof value === 'bigint' && value >= 0n && value <= BigInt(max)) return;
  throw new ArgumentError('maxCycles', value, `a bigint from 0n to ${max}n`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isUint8Array(value);
}
