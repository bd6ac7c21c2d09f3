import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { SECRET } from '../domain/access/api-key.js';
import { SettingsError } from './settings.loader.js';

const OWNER_ONLY = 0o600;
const GROUP_AND_OTHERS = 0o077;
const OTHERS = 0o007;
const MAX_BYTES = 64 * 1024;

/** The secret in a file that holds one line. @throws SettingsError as `readPrivateFile` */
export function readSecretFile(path: string, source: string): string {
  const text = readPrivateFile(path, source).trim();
  if (SECRET.test(text)) return text;
  throw new SettingsError([`${source} names ${path}, which must hold one line with the secret, and nothing else`]);
}

/**
 * A file that only its owner may read; the group may, too, where it belongs to root, as files that are mounted into
 * containers do.
 * @param source the setting or flag that names the file, for messages
 * @throws SettingsError, without anything of the file's content
 */
export function readPrivateFile(path: string, source: string): string {
  const problem = (why: string) => new SettingsError([`${source} names ${path}, ${why}`]);
  let stat;
  let text;
  try {
    stat = statSync(path);
    text = stat.size <= MAX_BYTES ? readFileSync(path, 'utf8') : '';
  } catch (error) {
    throw problem(`which cannot be read: ${String(error)}`);
  }
  const forbidden = stat.uid === 0 && process.getuid?.() !== 0 ? OTHERS : GROUP_AND_OTHERS;
  // Windows has no such permissions.
  if (process.platform !== 'win32' && (stat.mode & forbidden) !== 0) {
    throw problem(
      `which others may read: make it yours alone with chmod 600 ${path}, and use another secret if somebody saw it`,
    );
  }
  return text;
}

/** Writes a file that only its owner may read, in the place of an older one, whole or not at all. */
export function writePrivateFile(path: string, text: string): void {
  const part = `${path}.part`;
  // One that was left lying may have other permissions: it is not written over.
  rmSync(part, { force: true });
  writeFileSync(part, text, { mode: OWNER_ONLY, flag: 'wx', flush: true });
  renameSync(part, path);
}

/** A secret given as text or as the name of a file; undefined where neither is. @throws SettingsError */
export function secretOf(text: string | undefined, file: string | undefined, setting: string): string | undefined {
  if (text !== undefined && file !== undefined) {
    throw new SettingsError([`both ${setting} and ${setting}_FILE are set; allowed: one of them`]);
  }
  return file === undefined ? text : readSecretFile(file, `${setting}_FILE`);
}
