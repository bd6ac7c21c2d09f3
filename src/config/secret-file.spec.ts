import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, scratchFolder } from '../../test/support/program.js';
import { readSecretFile, secretOf } from './secret-file.js';

afterAll(cleanUp);

function fileWith(text: string, mode: number): string {
  const path = join(scratchFolder(), 'key');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('a file with a secret', () => {
  it.each([0o600, 0o400])('is read where only its owner may (mode %o)', (mode) => {
    expect(readSecretFile(fileWith('a-secret\n', mode), '--key-file')).toBe('a-secret');
  });

  it.each([0o644, 0o604, 0o660, 0o602])(
    'is refused where others may read or change it (mode %o), without a word of it',
    (mode) => {
      const path = fileWith('a-secret\n', mode);
      expect(() => readSecretFile(path, '--key-file')).toThrow(`chmod 600 ${path}`);
      expect(() => readSecretFile(path, '--key-file')).not.toThrow('a-secret');
    },
  );

  it.each(['', 'two words', 'two\nlines', 'x'.repeat(5000)])('is refused where it holds no secret (%j)', (text) => {
    expect(() => readSecretFile(fileWith(text, 0o600), '--key-file')).toThrow('one line with the secret');
  });

  it('is named with its setting where it cannot be read', () => {
    expect(() => secretOf(undefined, '/no/such/file', 'DISTRIBUTED_KEY')).toThrow(
      /DISTRIBUTED_KEY_FILE names \/no\/such\/file, which cannot be read/,
    );
  });

  it('does not go together with the secret itself', () => {
    expect(() => secretOf('a', '/b', 'DISTRIBUTED_KEY')).toThrow('allowed: one of them');
    expect(secretOf('a', undefined, 'DISTRIBUTED_KEY')).toBe('a');
  });
});
