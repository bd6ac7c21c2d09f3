import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { toTimestamp } from '../../wire/timestamps.js';
import { fromAuditEntry, toAuditQuery } from '../../wire/access/audit.js';
import { fromKey, toEnrolment, toKeyWish, toTokenWish } from '../../wire/access/key.js';
import type {
  CreateEnrolmentTokenRequest,
  CreateEnrolmentTokenResponse,
  CreateKeyRequest,
  CreateKeyResponse,
  EnrolRequest,
  EnrolResponse,
  ListAuditLogRequest,
  ListAuditLogResponse,
  ListKeysResponse,
  RevokeKeyRequest,
  RevokeKeyResponse,
} from '../../wire/generated/proofloom/v1/access.js';
import { ACCESS } from '../../wire/services.js';
import { AuditLog } from './audit-log.js';
import { Enrolments } from './enrolments.js';
import { KeyRing } from './key-ring.js';

/** Keys, for operators. */
@Controller()
export class AccessController {
  constructor(
    private readonly keys: KeyRing,
    private readonly enrolments: Enrolments,
    private readonly audit: AuditLog,
  ) {}

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

  @GrpcMethod(ACCESS, 'CreateEnrolmentToken')
  async createEnrolmentToken(request: CreateEnrolmentTokenRequest): Promise<CreateEnrolmentTokenResponse> {
    const { prover, validForMs } = toTokenWish(request);
    const { token, expiresAtMs } = await this.enrolments.createToken(prover, validForMs);
    return { token, expiresAt: toTimestamp(expiresAtMs) };
  }

  @GrpcMethod(ACCESS, 'Enrol')
  async enrol(request: EnrolRequest): Promise<EnrolResponse> {
    const { token, prover } = toEnrolment(request);
    const { key, secret } = await this.enrolments.enrol(token, prover);
    return { key: fromKey(key), secret };
  }

  @GrpcMethod(ACCESS, 'ListAuditLog')
  async listAuditLog(request: ListAuditLogRequest): Promise<ListAuditLogResponse> {
    return { entries: (await this.audit.entries(toAuditQuery(request))).map(fromAuditEntry) };
  }
}
