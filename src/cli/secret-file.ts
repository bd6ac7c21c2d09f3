import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { CliError } from './cli.error.js';
import { reasonOf } from './files.js';

const OWNER_ONLY = 0o600;

/** A file that is made for a secret before there is one, so that no secret is made in vain. */
export interface SecretFile {
  readonly keep: (secret: string) => void;
  /** Removes it again where it holds nothing. */
  readonly close: () => void;
}

/**
 * The file must be new: nobody who could read an old one reads this.
 * @throws CliError `unwritable_file`
 */
export function newSecretFile(path: string): SecretFile {
  const file = open(path);
  let isKept = false;
  return {
    keep: (secret) => {
      writeSync(file, `${secret}\n`);
      isKept = true;
    },
    close: () => {
      closeSync(file);
      if (!isKept) unlinkSync(path);
    },
  };
}

function open(path: string): number {
  try {
    return openSync(path, 'wx', OWNER_ONLY);
  } catch (error) {
    const hint = 'choose a file that does not exist yet, in a folder that you may write';
    throw new CliError('unwritable_file', `${path} cannot be made for the secret: ${reasonOf(error)}`, hint);
  }
}
