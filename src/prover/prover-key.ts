import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { status, type ServiceError } from '@grpc/grpc-js';
import { Logger } from '@nestjs/common';
import { serviceAnswer } from '../client/call.js';
import { targetOf, within } from '../client/channel.js';
import { plainDetails } from '../client/connection-problem.js';
import type { ConnectionOptions } from '../client/connection-options.js';
import { readPrivateFile, readSecretFile, secretOf, writePrivateFile } from '../config/secret-file.js';
import type { Settings } from '../config/settings.js';
import { Backoff } from '../lifecycle/backoff.js';
import type { Clock } from '../lifecycle/clock.js';
import { pause } from '../lifecycle/pause.js';
import type { Random } from '../lifecycle/random.js';
import type { Timers } from '../lifecycle/timers.js';
import { AccessClient, type EnrolResponse } from '../wire/generated/proofloom/v1/access.js';
import { ConnectionLog } from './session/connection-log.js';

const FILE = 'prover-key';
const SOON_MS = 5_000;
/** The coordinator is not there, or can do nothing now: the token is still good. */
const PASSING: ReadonlySet<status> = new Set([
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.CANCELLED,
]);

/** What an enrolment left: the key, and the digest of the token that it was for. */
interface KeptKey {
  readonly secret: string;
  readonly enrolledWith: string;
}

export interface ProverKeyParts {
  readonly settings: Settings;
  /** The prover's own folder. */
  readonly folder: string;
  readonly proverId: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
}

/** The key of this prover: given, or kept from an enrolment, or got for a token. */
export class ProverKey {
  private readonly log = new Logger('ProverKey');
  private readonly file: string;
  private readonly token: string | undefined;
  private current: string | undefined;

  /** @throws SettingsError where a file that is named cannot be used */
  constructor(private readonly parts: ProverKeyParts) {
    const { key, keyFile, enrolmentTokenFile } = parts.settings.prover;
    this.file = join(parts.folder, FILE);
    const given = secretOf(key, keyFile, 'DISTRIBUTED_KEY');
    const kept = given === undefined ? this.kept() : undefined;
    this.current = given ?? kept?.secret;
    const asked = given === undefined && enrolmentTokenFile !== undefined && existsSync(enrolmentTokenFile);
    const token = asked ? readSecretFile(enrolmentTokenFile, 'DISTRIBUTED_ENROLMENT_TOKEN_FILE') : undefined;
    // A token that was used already is no reason to enrol again; another one is.
    this.token = token !== undefined && digestOf(token) !== kept?.enrolledWith ? token : undefined;
  }

  get secret(): string | undefined {
    return this.current;
  }

  /** Whether there is a token that a key can be had for. */
  get mustEnrol(): boolean {
    return this.token !== undefined;
  }

  /**
   * Gets the key for the token, if there is one to use; tries again while the coordinator cannot be reached.
   * @param connection how it is reached, without a key
   * @returns why the coordinator refuses the token; null where it does not
   */
  async enrol(connection: ConnectionOptions, signal: AbortSignal): Promise<string | null> {
    const { token } = this;
    if (token === undefined) return null;
    const { settings, clock, timers, random, proverId } = this.parts;
    const { url, address, credentials, options } = targetOf(settings.server.url, connection);
    const log = new ConnectionLog(url, clock);
    const backoff = new Backoff(random);
    const client = new AccessClient(address, credentials, options);
    try {
      for (;;) {
        await pause(timers, backoff.next(), signal);
        if (signal.aborted) return null;
        try {
          const { secret, key } = await serviceAnswer<EnrolResponse>((done) =>
            client.enrol({ token, proverId }, ...within(SOON_MS), done),
          );
          this.keep({ secret, enrolledWith: digestOf(token) });
          this.log.log({ message: 'enrolled', prover: proverId, key: key?.keyId });
          return null;
        } catch (error) {
          const { code, details } = error as ServiceError;
          if (!PASSING.has(code)) return plainDetails(details);
          log.failed(plainDetails(details), code);
        }
      }
    } finally {
      client.close();
    }
  }

  private kept(): KeptKey | undefined {
    if (!existsSync(this.file)) return undefined;
    const [secret = '', enrolledWith = ''] = readPrivateFile(this.file, 'the data directory').split('\n');
    return { secret, enrolledWith };
  }

  private keep({ secret, enrolledWith }: KeptKey): void {
    writePrivateFile(this.file, `${secret}\n${enrolledWith}\n`);
    this.current = secret;
  }
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
