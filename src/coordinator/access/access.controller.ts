import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { fromKey, toKeyWish } from '../../wire/access/key.js';
import type {
  CreateKeyRequest,
  CreateKeyResponse,
  ListKeysResponse,
  RevokeKeyRequest,
  RevokeKeyResponse,
} from '../../wire/generated/proofloom/v1/access.js';
import { ACCESS } from '../../wire/services.js';
import { KeyRing } from './key-ring.js';

/** Keys, for operators. */
@Controller()
export class AccessController {
  constructor(private readonly keys: KeyRing) {}

  @GrpcMethod(ACCESS, 'CreateKey')
  async createKey(request: CreateKeyRequest): Promise<CreateKeyResponse> {
    const { key, secret } = await this.keys.create(toKeyWish(request));
    return { key: fromKey(key), secret };
  }

  @GrpcMethod(ACCESS, 'ListKeys')
  listKeys(): ListKeysResponse {
    return { keys: this.keys.all().map(fromKey) };
  }

  @GrpcMethod(ACCESS, 'RevokeKey')
  async revokeKey({ keyId }: RevokeKeyRequest): Promise<RevokeKeyResponse> {
    return { key: fromKey(await this.keys.revoke(keyId)) };
  }
}
