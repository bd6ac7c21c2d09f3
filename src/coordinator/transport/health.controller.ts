import { status } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { map, type Observable } from 'rxjs';
import {
  HealthCheckResponse_ServingStatus as ServingStatus,
  type HealthCheckRequest,
  type HealthCheckResponse,
} from '../../wire/generated/grpc/health/v1/health.js';
import { StatusError } from './status-error.js';
import { FileDescriptors } from './file-descriptors.js';
import { Readiness } from './readiness.js';

const HEALTH = 'grpc.health.v1.Health';

/** The health interface of load balancers: not serving while the coordinator drains. */
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly schema: FileDescriptors,
  ) {}

  @GrpcMethod(HEALTH, 'Check')
  check({ service }: HealthCheckRequest): HealthCheckResponse {
    if (!this.isServed(service)) throw new StatusError(status.NOT_FOUND, `service ${service} is not served here`);
    return { status: statusOf(this.readiness.ready) };
  }

  @GrpcMethod(HEALTH, 'Watch')
  watch({ service }: HealthCheckRequest): Observable<HealthCheckResponse> {
    const known = this.isServed(service);
    return this.readiness.changes.pipe(
      map((ready) => ({ status: known ? statusOf(ready) : ServingStatus.SERVICE_UNKNOWN })),
    );
  }

  private isServed(service: string): boolean {
    return service === '' || this.schema.services.includes(service);
  }
}

function statusOf(ready: boolean): ServingStatus {
  return ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
}
