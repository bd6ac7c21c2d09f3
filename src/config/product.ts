import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that holds package.json, seen from `src/config` and from `dist/config` alike. */
export const PRODUCT_ROOT = join(import.meta.dirname, '..', '..');

/** Version of this software, as its package says. */
export const PRODUCT_VERSION = readVersion();

/** Version of the extensions that coordinator and provers of ours speak. */
export const PROTOCOL_VERSION = 1;

function readVersion(): string {
  const text = readFileSync(join(PRODUCT_ROOT, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
