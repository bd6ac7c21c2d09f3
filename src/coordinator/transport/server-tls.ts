import type { Server as HttpsServer } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import { ServerCredentials } from '@grpc/grpc-js';
import type { CancelTimer, Timers } from '../../lifecycle/timers.js';
import { TlsFiles } from '../../tls/tls-files.js';
import type { TlsPaths } from '../../tls/tls-material.js';

/** Whether callers show certificates of their own. */
export type ClientCertificates = 'off' | 'optional' | 'required';

/** TLS of both sides of the coordinator, from one set of files. */
export class ServerTls {
  readonly credentials: ReloadedCredentials;
  private readonly files: TlsFiles;
  private readonly rules: { readonly requestCert: boolean; readonly rejectUnauthorized: boolean };

  /** @throws SettingsError where the files cannot be used */
  constructor(paths: TlsPaths, clientCertificates: ClientCertificates) {
    this.files = new TlsFiles(paths);
    this.rules = {
      requestCert: clientCertificates !== 'off',
      rejectUnauthorized: clientCertificates === 'required',
    };
    this.credentials = new ReloadedCredentials(this.rules, this.files.material);
  }

  /** For an HTTPS server. */
  get httpsOptions() {
    return { ...this.rules, ...this.files.material };
  }

  /** New connections have what the files hold from now on; those that stand stay. */
  watch(timers: Timers, https: HttpsServer): CancelTimer {
    return this.files.watch(timers, (material) => {
      this.credentials.renew(material);
      https.setSecureContext(material);
    });
  }
}

/** Credentials of a gRPC server that can be renewed while it runs. */
export class ReloadedCredentials extends ServerCredentials {
  renew(context: SecureContextOptions): void {
    this.updateSecureContextOptions(context);
  }

  override _equals(other: ServerCredentials): boolean {
    return other === this;
  }
}
