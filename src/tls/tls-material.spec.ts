import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, scratchFolder } from '../../test/support/program.js';
import { issueCertificate, newAuthority, type IssuedCertificate } from './certificate-authority.js';
import { expiryOf, isSameMaterial, readTlsMaterial } from './tls-material.js';

const VALID = { fromMs: Date.UTC(2026, 0), untilMs: Date.UTC(2027, 0) };

let pair: IssuedCertificate;
let other: IssuedCertificate;

beforeAll(async () => {
  const authority = await newAuthority(VALID);
  const subject = { kind: 'caller', name: 'anna' } as const;
  [pair, other] = [
    await issueCertificate(authority, subject, VALID),
    await issueCertificate(authority, subject, VALID),
  ];
});

afterAll(cleanUp);

function file(text: string, mode = 0o600): string {
  const path = join(scratchFolder(), 'file.pem');
  writeFileSync(path, text, { mode });
  return path;
}

describe('certificates in files', () => {
  it('are read where they belong together', () => {
    const paths = { cert: file(pair.cert), key: file(pair.key), ca: file(other.cert) };
    const material = readTlsMaterial(paths);
    expect(material.cert?.toString()).toBe(pair.cert);
    expect(expiryOf(material)).toBe(VALID.untilMs);
    expect(isSameMaterial(material, readTlsMaterial(paths))).toBe(true);
    expect(isSameMaterial(material, readTlsMaterial({ ca: paths.ca }))).toBe(false);
    expect(readTlsMaterial({})).toEqual({});
  });

  it.each([
    [
      'the key of another',
      () => ({ cert: file(pair.cert), key: file(other.key) }),
      'is not the key of the certificate',
    ],
    ['no key', () => ({ cert: file(pair.cert), key: file(pair.cert) }), 'is no private key in PEM'],
    ['an open key', () => ({ cert: file(pair.cert), key: file(pair.key, 0o644) }), 'chmod 600'],
    ['no certificate', () => ({ ca: file('nonsense') }), 'has no certificate in PEM'],
    ['half a certificate', () => ({ ca: file(pair.cert.replace(/\n[^\n]+\n/, '\n')) }), 'cannot be read'],
    ['no file', () => ({ ca: '/no/such/file' }), 'DISTRIBUTED_TLS_CA names /no/such/file'],
    ['a certificate alone', () => ({ cert: file(pair.cert) }), 'go together'],
  ])('are refused with %s', (_what, paths, message) => {
    expect(() => readTlsMaterial(paths())).toThrow(message);
  });
});
