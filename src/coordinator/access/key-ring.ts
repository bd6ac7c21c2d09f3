import { status } from '@grpc/grpc-js';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { isUsable, type ApiKey, type KeyId } from '../../domain/access/api-key.js';
import type { Role } from '../../domain/access/role.js';
import { DomainError, invalidArgument } from '../../domain/errors.js';
import type { ProverId, Sha256 } from '../../domain/ids.js';
import { Clock } from '../../lifecycle/clock.js';
import { Random } from '../../lifecycle/random.js';
import { AccessStore } from '../store/access-store.js';
import { StatusError } from '../transport/status-error.js';
import { digestOfSecret, newKeySecret } from './secrets.js';

/** What a new key is to be. */
export interface KeyWish {
  readonly role: Role;
  readonly label: string;
  readonly prover: ProverId | null;
  /** null: until it is revoked. */
  readonly validForMs: number | null;
}

/** A key and, this once, its secret. */
export interface NewKey {
  readonly key: ApiKey;
  readonly secret: string;
}

const ID_BYTES = 6;
/** Keys that are kept, revoked ones too. */
const MAX_KEYS = 10_000;

/** Every key, as the store has it and in memory, since each call asks for one. */
@Injectable()
export class KeyRing implements OnModuleInit {
  private readonly keys = new Map<Sha256, ApiKey>();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly store: AccessStore,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const key of await this.store.keys()) this.keys.set(key.digest, key);
  }

  /** Whether a key was ever made here. One that has expired or was revoked does not open what it had closed. */
  get isInUse(): boolean {
    return this.keys.size > 0;
  }

  /** The usable key of a secret. */
  find(secret: string): ApiKey | undefined {
    const key = this.keys.get(digestOfSecret(secret));
    return key && isUsable(key, this.clock.wallMs()) ? key : undefined;
  }

  /** All keys, oldest first. */
  all(): ApiKey[] {
    return [...this.keys.values()];
  }

  /** Keys that a prover may use now. */
  ofProver(prover: ProverId): ApiKey[] {
    return this.all().filter((key) => key.prover === prover && isUsable(key, this.clock.wallMs()));
  }

  /** @throws DomainError INVALID_ARGUMENT, QUOTA_EXCEEDED */
  async create(wish: KeyWish): Promise<NewKey> {
    const made = this.make(wish);
    await this.keep([made.key], () => this.store.putKey(made.key));
    return made;
  }

  /** A key that is not kept yet. @throws DomainError INVALID_ARGUMENT, QUOTA_EXCEEDED */
  make({ role, label, prover, validForMs }: KeyWish): NewKey {
    if ((role === 'prove') !== (prover !== null)) {
      const allowed = 'the prover that the key is for where its role is prove, and empty where it is not';
      throw invalidArgument('prover_id', prover ?? '', allowed);
    }
    if (this.keys.size >= MAX_KEYS) throw tooMany();
    const secret = newKeySecret(this.random);
    const createdAtMs = this.clock.wallMs();
    const key: ApiKey = {
      id: `key-${this.random.hex(ID_BYTES)}` as KeyId,
      digest: digestOfSecret(secret),
      role,
      prover,
      label,
      createdAtMs,
      expiresAtMs: validForMs === null ? null : createdAtMs + validForMs,
      revokedAtMs: null,
    };
    return { key, secret };
  }

  /** Ends a key for good; one that was revoked before stays as it is. @throws StatusError NOT_FOUND */
  async revoke(id: string): Promise<ApiKey> {
    const key = this.all().find((candidate) => candidate.id === id);
    if (!key) throw new StatusError(status.NOT_FOUND, `there is no key ${id}; proofloom keys list shows all`);
    if (key.revokedAtMs !== null) return key;
    const revoked = this.revoked(key);
    await this.keep([revoked], () => this.store.putKey(revoked));
    return revoked;
  }

  /** Is told whenever a key was made or revoked. */
  listen(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** The same key, ended now; not kept yet. */
  revoked(key: ApiKey): ApiKey {
    return { ...key, revokedAtMs: this.clock.wallMs() };
  }

  /** Takes keys as they are from now on, once `store` has them. */
  async keep<T>(keys: readonly ApiKey[], store: () => Promise<T>): Promise<T> {
    const kept = await store();
    for (const key of keys) this.keys.set(key.digest, key);
    for (const listener of this.listeners) listener();
    return kept;
  }
}

function tooMany(): DomainError {
  const hint = 'keys are kept for the audit log also when they are revoked: use the ones that there are';
  return new DomainError('QUOTA_EXCEEDED', `${MAX_KEYS} keys were made already`, hint);
}
