import { Logger } from '@nestjs/common';
import { errorMessage } from '../lifecycle/system-error.js';
import type { CancelTimer, Timers } from '../lifecycle/timers.js';
import { expiryOf, isSameMaterial, readTlsMaterial, type TlsMaterial, type TlsPaths } from './tls-material.js';

/** How long a changed file may go unnoticed. Looked at rather than watched: mounted secrets change by links. */
const LOOK_MS = 5_000;

/** Keys and certificates in files, read again when they change, so that a certificate is renewed without a restart. */
export class TlsFiles {
  private readonly log = new Logger('Tls');
  private current: TlsMaterial;
  private problem = '';

  /** @throws SettingsError where the files cannot be used now */
  constructor(private readonly paths: TlsPaths) {
    this.current = readTlsMaterial(paths);
  }

  /** What the files held when they could last be used. */
  get material(): TlsMaterial {
    return this.current;
  }

  /** Looks at the files from now on. @param onChange they hold something else, which can be used */
  watch(timers: Timers, onChange: (material: TlsMaterial) => void = () => undefined): CancelTimer {
    return timers.every(LOOK_MS, () => {
      if (this.look()) onChange(this.current);
    });
  }

  private look(): boolean {
    try {
      const found = readTlsMaterial(this.paths);
      this.problem = '';
      if (isSameMaterial(found, this.current)) return false;
      this.current = found;
      const expiresAtMs = expiryOf(found);
      const until = expiresAtMs === null ? {} : { validUntil: new Date(expiresAtMs).toISOString() };
      this.log.log({ message: 'certificates read again', ...until });
      return true;
    } catch (error) {
      // Half-written or half-renewed: what was read before holds until both fit again.
      const problem = errorMessage(error);
      if (problem !== this.problem) this.log.warn({ message: 'certificates not read again', reason: problem });
      this.problem = problem;
      return false;
    }
  }
}
