import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { PRODUCT_VERSION } from '../../config/product.js';
import { parseJobId } from '../../domain/ids.js';
import { toErrorResponse } from '../transport/error-response.js';
import { toJobsList, toJobStatus } from '../../wire/admin/job-status.js';
import { toProversList } from '../../wire/admin/prover-info.js';
import type {
  ErrorResponse,
  HealthCheckResponse,
  JobsListRequest,
  JobsListResponse,
  JobStatusRequest,
  JobStatusResponse,
  LaunchProofRequest,
  LaunchProofResponse,
  ProversListRequest,
  ProversListResponse,
  StatusInfoResponse,
  SystemStatusResponse,
} from '../../wire/generated/zisk_distributed_api.js';
import { ZISK_DISTRIBUTED_API } from '../../wire/services.js';
import { toTimestamp } from '../../wire/timestamps.js';
import { JobsService } from '../jobs/jobs.service.js';
import { KernelCheck } from '../prover-gateway/sessions/kernel-check.js';
import { Launch } from './launch.js';
import { ProverList } from './prover-list.js';
import { ServiceClock } from './service-clock.js';

const SERVICE_NAME = 'Proofloom Coordinator';
const MS_PER_SECOND = 1000;
const MAX_JOBS = 1000;
const OPEN_STATES = ['QUEUED', 'PLANNING', 'RUNNING'] as const;

/** The published administrative calls. Failures meant for the caller are answers, not statuses. */
@Controller()
export class AdminController {
  constructor(
    private readonly service: ServiceClock,
    private readonly jobs: JobsService,
    private readonly provers: ProverList,
    private readonly launch: Launch,
    private readonly kernel: KernelCheck,
  ) {}

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
      metrics: { activeConnections: this.provers.connections },
      kernelDigest: this.kernel.digest,
    };
  }

  @GrpcMethod(ZISK_DISTRIBUTED_API, 'SystemStatus')
  systemStatus(): SystemStatusResponse {
    return { result: { $case: 'status', value: this.provers.status() } };
  }

  @GrpcMethod(ZISK_DISTRIBUTED_API, 'JobsList')
  async jobsList({ activeOnly }: JobsListRequest): Promise<JobsListResponse> {
    return answered(async () => {
      const states = activeOnly ? OPEN_STATES : [];
      const { jobs, next } = await this.jobs.list({ states, labels: {}, after: null, limit: MAX_JOBS });
      return { $case: 'jobsList', value: toJobsList(jobs, next !== null) };
    });
  }

  @GrpcMethod(ZISK_DISTRIBUTED_API, 'JobStatus')
  async jobStatus({ jobId }: JobStatusRequest): Promise<JobStatusResponse> {
    return answered(async () => {
      return { $case: 'job', value: toJobStatus(await this.jobs.header(parseJobId(jobId, 'job_id'))) };
    });
  }

  @GrpcMethod(ZISK_DISTRIBUTED_API, 'ProversList')
  proversList(request: ProversListRequest): ProversListResponse {
    const listed = this.provers.list(request.availableOnly, request.after);
    return { result: { $case: 'proversList', value: toProversList(listed) } };
  }

  @GrpcMethod(ZISK_DISTRIBUTED_API, 'WorkersList')
  workersList(request: ProversListRequest): ProversListResponse {
    return this.proversList(request);
  }

  @GrpcMethod(ZISK_DISTRIBUTED_API, 'LaunchProof')
  async launchProof(request: LaunchProofRequest): Promise<LaunchProofResponse> {
    return answered(async () => ({ $case: 'jobId', value: await this.launch.launch(request) }));
  }
}

type Answer<Value> = { result: Value | { $case: 'error'; value: ErrorResponse } };

async function answered<Value>(work: () => Promise<Value>): Promise<Answer<Value>> {
  try {
    return { result: await work() };
  } catch (error) {
    const value = toErrorResponse(error);
    if (!value) throw error;
    return { result: { $case: 'error', value } };
  }
}
