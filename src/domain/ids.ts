import { invalidArgument } from './errors.js';

declare const brand: unique symbol;

/** A plain value that carries its meaning in its type, so that ids of different things do not mix. */
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };

export type JobId = Branded<string, 'JobId'>;
export type ProverId = Branded<string, 'ProverId'>;
/** One connection of a prover; a prover that connects again gets another. */
export type SessionId = Branded<string, 'SessionId'>;
/** Lower-case hexadecimal SHA-256 of some bytes: 64 characters. */
export type Sha256 = Branded<string, 'Sha256'>;
/** Fencing number of an assignment, from 1, increasing within a job. */
export type Epoch = Branded<number, 'Epoch'>;
/** Attempt at a job under one challenge, from 1. */
export type Attempt = Branded<number, 'Attempt'>;
/** Segment number, from 1; 0 is the boundary (initial and final memory). */
export type Segment = Branded<number, 'Segment'>;
/** A segment commitment: eight field elements as 64 lower-case hexadecimal characters. */
export type Commitment = Branded<string, 'Commitment'>;
/** The job's global challenge, in the kernel's encoding, hexadecimal. */
export type Challenge = Branded<string, 'Challenge'>;

/** The segment number that stands for the boundary proof. */
export const BOUNDARY = 0 as Segment;

/** The characteristic of the proof system's field, KoalaBear: every element is below it. */
export const FIELD_CHARACTERISTIC = 2 ** 31 - 2 ** 24 + 1;
/** Field elements in a commitment, each four little-endian bytes. */
export const COMMITMENT_ELEMENTS = 8;

/** Ids of jobs and provers; {@link ID_RULE} says it in words. */
export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
export const SHA256_PATTERN = /^[0-9a-f]{64}$/;

function matching<T extends string>(pattern: RegExp, allowed: string) {
  return (raw: string, field: string): T => {
    if (!pattern.test(raw)) throw invalidArgument(field, raw.slice(0, 160), allowed);
    return raw as T;
  };
}

/** One field element: four bytes. */
const ELEMENT = /.{8}/g;

export const ID_RULE = '1 to 128 letters, digits, ".", "_", ":" or "-", the first a letter or digit';

/** @throws DomainError INVALID_ARGUMENT naming `field`. */
export const parseJobId = matching<JobId>(ID_PATTERN, ID_RULE);
/** @throws DomainError INVALID_ARGUMENT naming `field`. */
export const parseProverId = matching<ProverId>(ID_PATTERN, ID_RULE);
/** @throws DomainError INVALID_ARGUMENT naming `field`. */
export const parseSha256 = matching<Sha256>(SHA256_PATTERN, '64 lower-case hexadecimal digits');
const COMMITMENT_RULE = `eight field elements below ${FIELD_CHARACTERISTIC} as 64 lower-case hexadecimal characters`;

/** @throws DomainError INVALID_ARGUMENT naming `field`. */
export function parseCommitment(raw: string, field: string): Commitment {
  const elements = SHA256_PATTERN.test(raw) ? (raw.match(ELEMENT) ?? []) : [];
  const valid =
    elements.length === COMMITMENT_ELEMENTS && elements.every((hex) => littleEndian(hex) < FIELD_CHARACTERISTIC);
  if (!valid) throw invalidArgument(field, raw.slice(0, 160), COMMITMENT_RULE);
  return raw as Commitment;
}

function littleEndian(hex: string): number {
  const pairs = hex.match(/../g) ?? [];
  return Number.parseInt(pairs.toReversed().join(''), 16);
}
