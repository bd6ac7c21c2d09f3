import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { PRODUCT_VERSION } from '../../config/product.js';
import type { HealthCheckResponse, StatusInfoResponse } from '../../wire/generated/zisk_distributed_api.js';
import { ZISK_DISTRIBUTED_API } from '../../wire/services.js';
import { toTimestamp } from '../../wire/timestamps.js';
import { ServiceClock } from './service-clock.js';

const SERVICE_NAME = 'Proofloom Coordinator';
const MS_PER_SECOND = 1000;

/** The published administrative calls. */
@Controller()
export class AdminController {
  constructor(private readonly service: ServiceClock) {}

  @GrpcMethod(ZISK_DISTRIBUTED_API, 'HealthCheck')
  healthCheck(): HealthCheckResponse {
    return {};
  }

  @GrpcMethod(ZISK_DISTRIBUTED_API, 'StatusInfo')
  statusInfo(): StatusInfoResponse {
    return {
      serviceName: SERVICE_NAME,
      version: PRODUCT_VERSION,
      uptimeSeconds: BigInt(Math.floor(this.service.uptimeMs() / MS_PER_SECOND)),
      startTime: toTimestamp(this.service.startedAtMs),
      metrics: { activeConnections: 0 },
      kernelDigest: '',
    };
  }
}
