import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readPrivateFile } from '../config/secret-file.js';
import { SettingsError } from '../config/settings.loader.js';
import { errorMessage } from '../lifecycle/system-error.js';

/** Names of files in PEM. */
export interface TlsPaths {
  /** What this side shows of itself: its certificate, and those that lead to an authority. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Authorities that the other side's certificate is checked against. */
  readonly ca?: string | undefined;
}

/** What the files hold. */
export interface TlsMaterial {
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly ca?: Buffer;
}

/**
 * Reads the files and checks that they can be used together. An expired certificate is read all the same: it is the
 * other side's to judge, and a clock may be wrong.
 * @throws SettingsError naming the setting and the file
 */
export function readTlsMaterial({ cert, key, ca }: TlsPaths): TlsMaterial {
  if ((cert === undefined) !== (key === undefined)) {
    throw new SettingsError(['DISTRIBUTED_TLS_CERT and DISTRIBUTED_TLS_KEY go together; set both, or neither']);
  }
  return {
    ...(cert !== undefined && key !== undefined && pairOf(cert, key)),
    ...(ca !== undefined && { ca: certificatesOf('DISTRIBUTED_TLS_CA', ca) }),
  };
}

function pairOf(certPath: string, keyPath: string): TlsMaterial {
  const cert = certificatesOf('DISTRIBUTED_TLS_CERT', certPath);
  const key = Buffer.from(readPrivateFile(keyPath, 'DISTRIBUTED_TLS_KEY'));
  const problem = (why: string) => new SettingsError([`DISTRIBUTED_TLS_KEY names ${keyPath}, ${why}`]);
  let belongs;
  try {
    belongs = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    throw problem('which is no private key in PEM that can be read without a password');
  }
  if (!belongs) throw problem(`which is not the key of the certificate in ${certPath}`);
  return { cert, key };
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function certificatesOf(setting: string, path: string): Buffer {
  const problem = (why: string) => new SettingsError([`${setting} names ${path}, ${why}`]);
  let bytes;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw problem(`which cannot be read: ${errorMessage(error)}`);
  }
  const found = bytes.toString('latin1').match(PEM) ?? [];
  if (found.length === 0) throw problem('which has no certificate in PEM');
  try {
    found.map((pem) => new X509Certificate(pem));
  } catch (error) {
    throw problem(`which has a certificate that cannot be read: ${errorMessage(error)}`);
  }
  return bytes;
}

/** Whether two readings of the files are of the same content. */
export function isSameMaterial(one: TlsMaterial, other: TlsMaterial): boolean {
  const same = (a: Buffer | undefined, b: Buffer | undefined) => (a && b ? a.equals(b) : a === b);
  return same(one.cert, other.cert) && same(one.key, other.key) && same(one.ca, other.ca);
}

/** When the certificate that this side shows ends, in Unix milliseconds; null where it shows none. */
export function expiryOf({ cert }: TlsMaterial): number | null {
  return cert ? new X509Certificate(cert).validToDate.getTime() : null;
}
