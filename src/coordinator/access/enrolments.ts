import { status } from '@grpc/grpc-js';
import { Injectable } from '@nestjs/common';
import type { ProverId } from '../../domain/ids.js';
import { Clock } from '../../lifecycle/clock.js';
import { Random } from '../../lifecycle/random.js';
import { AccessStore } from '../store/access-store.js';
import { StatusError } from '../transport/status-error.js';
import { KeyRing, type NewKey } from './key-ring.js';
import { digestOfSecret, newTokenSecret } from './secrets.js';

/** A token and, this once, its secret. */
export interface NewToken {
  readonly token: string;
  readonly expiresAtMs: number;
}

const DEFAULT_VALID_MS = 3_600_000;

/** Provers come to a key of their own with a token that is good for one of them, once. */
@Injectable()
export class Enrolments {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: AccessStore,
    private readonly keys: KeyRing,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** @param prover whom it is for; null: any prover that has no key */
  async createToken(prover: ProverId | null, validForMs: number | null): Promise<NewToken> {
    const token = newTokenSecret(this.random);
    const createdAtMs = this.clock.wallMs();
    const expiresAtMs = createdAtMs + (validForMs ?? DEFAULT_VALID_MS);
    await this.store.putToken({ digest: digestOfSecret(token), prover, createdAtMs, expiresAtMs, usedAtMs: null });
    return { token, expiresAtMs };
  }

  /**
   * The prover's key for a token. One after the other, so that two provers that come at once do not both get a name.
   * @throws StatusError UNAUTHENTICATED, PERMISSION_DENIED, ALREADY_EXISTS
   */
  enrol(token: string, prover: ProverId): Promise<NewKey> {
    const enrolled = this.last.then(() => this.enrolNext(token, prover));
    this.last = enrolled.catch(() => undefined);
    return enrolled;
  }

  private async enrolNext(secret: string, prover: ProverId): Promise<NewKey> {
    const digest = digestOfSecret(secret);
    const token = await this.store.token(digest);
    const nowMs = this.clock.wallMs();
    if (!token || token.usedAtMs !== null || token.expiresAtMs <= nowMs) throw notValid();
    if (token.prover !== null && token.prover !== prover) throw ofAnother(prover);
    const before = this.keys.ofProver(prover);
    // Whoever holds any token must not take the name of a prover that has one already.
    if (token.prover === null && before.length > 0) throw enrolledAlready(prover);
    const made = this.keys.make({ role: 'prove', label: 'enrolled', prover, validForMs: null });
    const keys = [...before.map((key) => this.keys.revoked(key)), made.key];
    await this.keys.keep(keys, async () => {
      if (!(await this.store.enrol(digest, nowMs, keys))) throw notValid();
    });
    return made;
  }
}

function notValid(): StatusError {
  const why = 'the enrolment token is not valid: each is good once and for a while; ask an operator for another';
  return new StatusError(status.UNAUTHENTICATED, why);
}

function ofAnother(prover: ProverId): StatusError {
  return new StatusError(status.PERMISSION_DENIED, `the enrolment token is not for the prover ${prover}`);
}

function enrolledAlready(prover: ProverId): StatusError {
  const why = `the prover ${prover} has a key already; with a token of its own (keys enrol --prover ${prover}) it gets another in its place`;
  return new StatusError(status.ALREADY_EXISTS, why);
}
