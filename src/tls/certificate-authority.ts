// For trials and for networks that have no authority of their own: what an authority does, in one folder.
import 'reflect-metadata';
import { createPrivateKey, KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate and its private key, both in PEM. */
export interface IssuedCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Whom a certificate is for: a coordinator under all names that it is reached by, or a caller. */
export type CertificateSubject =
  | { readonly kind: 'coordinator'; readonly hosts: readonly string[] }
  | { readonly kind: 'caller'; readonly name: string };

/** Unix milliseconds. */
export interface Validity {
  readonly fromMs: number;
  readonly untilMs: number;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const SERIAL_BYTES = 16;
/** The first bit of a serial number is its sign. */
const POSITIVE = 0x7f;
const CA_NAME = 'CN=Proofloom development CA';

/** Makes an authority: a certificate that signs others. */
export async function newAuthority({ fromMs, untilMs }: Validity): Promise<IssuedCertificate> {
  const keys = await newKeys();
  const cert = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: CA_NAME,
    notBefore: new Date(fromMs),
    notAfter: new Date(untilMs),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return issued(cert, keys);
}

/** Makes a certificate that an authority answers for. */
export async function issueCertificate(
  authority: IssuedCertificate,
  subject: CertificateSubject,
  { fromMs, untilMs }: Validity,
): Promise<IssuedCertificate> {
  const issuer = new X509Certificate(authority.cert);
  const keys = await newKeys();
  const cert = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: nameOf(subject),
    issuer: issuer.subject,
    notBefore: new Date(fromMs),
    notAfter: new Date(untilMs),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await signingKeyOf(authority.key),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      ...usesOf(subject),
      await AuthorityKeyIdentifierExtension.create(issuer),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return issued(cert, keys);
}

function usesOf(subject: CertificateSubject) {
  if (subject.kind === 'caller') return [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])];
  const names = subject.hosts.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value }));
  return [new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]), new SubjectAlternativeNameExtension(names)];
}

function nameOf(subject: CertificateSubject): [{ CN: string[] }] {
  const name = subject.kind === 'caller' ? subject.name : (subject.hosts[0] ?? '');
  return [{ CN: [name] }];
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function signingKeyOf(pem: string): Promise<CryptoKey> {
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return crypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
}

function newSerial(): string {
  const bytes = crypto.getRandomValues(Buffer.alloc(SERIAL_BYTES));
  bytes[0] = ((bytes[0] ?? 0) & POSITIVE) | 1;
  return bytes.toString('hex');
}

function issued(cert: X509Certificate, { privateKey }: CryptoKeyPair): IssuedCertificate {
  const key = KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' });
  return { cert: `${cert.toString('pem')}\n`, key: key.toString() };
}
