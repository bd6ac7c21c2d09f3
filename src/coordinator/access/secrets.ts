import { createHash } from 'node:crypto';
import type { Sha256 } from '../../domain/ids.js';
import type { Random } from '../../lifecycle/random.js';

const SECRET_BYTES = 32;
/** Begins every key, so that one that lies where it should not is found and known for what it is. */
const KEY_PREFIX = 'proofloom_key_';
const TOKEN_PREFIX = 'proofloom_enrolment_';

/** A new secret: 256 random bits, so that its digest need not be slow to make. */
export function newKeySecret(random: Random): string {
  return KEY_PREFIX + random.hex(SECRET_BYTES);
}

/** A new secret for an enrolment. */
export function newTokenSecret(random: Random): string {
  return TOKEN_PREFIX + random.hex(SECRET_BYTES);
}

/** What is kept of a secret, and what it is looked up by: how long that takes says nothing about any other secret. */
export function digestOfSecret(secret: string): Sha256 {
  return createHash('sha256').update(secret).digest('hex') as Sha256;
}
