import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { ANYONE, type Caller } from '../../domain/access/caller.js';
import type { Permission, Role } from '../../domain/access/role.js';
import { KeyRing } from './key-ring.js';
import { isLoopback } from './loopback.js';
import { OperatorKeyFile } from './operator-key-file.js';

/** What a call shows of itself. */
export interface Presented {
  /** The metadata or header of that name. */
  readonly authorization: string | undefined;
  /** Of whoever is connected, without port. */
  readonly address: string;
}

/** Why a call is not served. */
export interface AccessRefusal {
  readonly kind: 'unauthenticated' | 'forbidden';
  readonly message: string;
}

export type Judged = { readonly caller: Caller } | { readonly refusal: AccessRefusal };

const BEARER = /^Bearer +(\S+)$/i;

/** The one place where it is decided whether a call is served, over gRPC and HTTP alike. */
@Injectable()
export class AccessControl {
  private readonly isOff: boolean;

  constructor(
    private readonly keys: KeyRing,
    private readonly operatorKey: OperatorKeyFile,
    { access }: Settings,
  ) {
    this.isOff = access.mode === 'none';
  }

  judge(permission: Permission, presented: Presented): Judged {
    if (permission === 'public' || this.isOff) return { caller: ANYONE };
    const { authorization } = presented;
    if (authorization === undefined) return this.judgeStranger(permission, presented.address);
    const caller = this.callerOf(authorization);
    // Unknown, expired or revoked: which of them it is helps only whoever tries.
    if (!caller) return unauthenticated('the key is not valid: use another one, or ask an operator for it');
    return isPermitted(permission, caller.role) ? { caller } : forbidden(permission, caller.role);
  }

  /** Without a key only the own machine is served, and only as long as there is no key. */
  private judgeStranger(permission: Permission, address: string): Judged {
    if (this.keys.isInUse) {
      return unauthenticated(
        'this call needs a key: send it as authorization: Bearer KEY (DISTRIBUTED_KEY, --key-file)',
      );
    }
    if (!isLoopback(address)) return unauthenticated(NO_KEY_YET);
    return permission.length > 0 ? { caller: ANYONE } : forbidden(permission, null);
  }

  private callerOf(authorization: string): Caller | undefined {
    const secret = BEARER.exec(authorization)?.[1];
    if (secret === undefined) return undefined;
    if (this.operatorKey.isSecret(secret)) return { name: 'operator-key', role: 'operate', prover: null };
    const key = this.keys.find(secret);
    return key && { name: key.id, role: key.role, prover: key.prover };
  }
}

const NO_KEY_YET =
  'this coordinator has no key yet and serves only callers on its own machine: make one there with `proofloom keys create`, or set DISTRIBUTED_AUTH=none on a network where everybody may do everything';

function isPermitted(permission: Permission, role: Role | null): boolean {
  return permission === 'public' || (role !== null && permission.includes(role));
}

function unauthenticated(message: string): Judged {
  return { refusal: { kind: 'unauthenticated', message } };
}

function forbidden(permission: Permission, role: Role | null): Judged {
  const roles =
    permission === 'public' || permission.length === 0 ? 'nobody' : `the role ${[...permission].join(' or ')}`;
  const own = role === null ? '' : `, and this key has the role ${role}`;
  return { refusal: { kind: 'forbidden', message: `this call is for ${roles}${own}` } };
}
