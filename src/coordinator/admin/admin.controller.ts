import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { MaxLength } from 'class-validator';
import { PRODUCT_VERSION } from '../../config/product.js';
import { parseJobId } from '../../domain/ids.js';
import { AdminError, toErrorResponse } from '../../wire/admin/admin-error.js';
import { toJobStatus } from '../../wire/admin/job-status.js';
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
import { BLOCK_ID_LABEL } from '../../wire/stream/assignment.js';
import { toTimestamp } from '../../wire/timestamps.js';
import { JobsService } from '../jobs/jobs.service.js';
import { Submissions } from '../proofs/submissions.js';
import { GatewayContext } from '../prover-gateway/gateway-context.js';
import { InputRoots } from './input-roots.js';
import { LaunchProgram } from './launch-program.js';
import { ProverList } from './prover-list.js';
import { ServiceClock } from './service-clock.js';

const SERVICE_NAME = 'Proofloom Coordinator';
const MS_PER_SECOND = 1000;
const MAX_JOBS = 1000;
const MAX_BLOCK_ID = 200;
const MAX_PATH = 4096;
const OPEN_STATES = ['QUEUED', 'PLANNING', 'RUNNING'] as const;

class LaunchProofDto implements LaunchProofRequest {
  @MaxLength(MAX_BLOCK_ID, { message: `block_id must have at most ${MAX_BLOCK_ID} characters` })
  blockId!: string;
  computeCapacity!: number;
  @MaxLength(MAX_PATH, { message: `input_path must have at most ${MAX_PATH} characters` })
  inputPath!: string;
  simulatedNode!: number | undefined;
}

/** The published administrative calls. Failures meant for the caller are answers, not statuses. */
@Controller()
export class AdminController {
  constructor(
    private readonly service: ServiceClock,
    private readonly jobs: JobsService,
    private readonly provers: ProverList,
    private readonly submissions: Submissions,
    private readonly program: LaunchProgram,
    private readonly inputs: InputRoots,
    private readonly gateway: GatewayContext,
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
      kernelDigest: this.gateway.kernelDigest,
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
      const { jobs } = await this.jobs.list({ states, labels: {}, after: null, limit: MAX_JOBS });
      return { $case: 'jobsList', value: { jobs: jobs.map(toJobStatus) } };
    });
  }

  @GrpcMethod(ZISK_DISTRIBUTED_API, 'JobStatus')
  async jobStatus({ jobId }: JobStatusRequest): Promise<JobStatusResponse> {
    return answered(async () => {
      const { header } = await this.jobs.get(parseJobId(jobId, 'job_id'));
      return { $case: 'job', value: toJobStatus(header) };
    });
  }

  @GrpcMethod(ZISK_DISTRIBUTED_API, 'ProversList')
  proversList(request: ProversListRequest): ProversListResponse {
    return { result: { $case: 'proversList', value: { provers: this.provers.list(request.availableOnly) } } };
  }

  @GrpcMethod(ZISK_DISTRIBUTED_API, 'WorkersList')
  workersList(request: ProversListRequest): ProversListResponse {
    return this.proversList(request);
  }

  @GrpcMethod(ZISK_DISTRIBUTED_API, 'LaunchProof')
  async launchProof(request: LaunchProofDto): Promise<LaunchProofResponse> {
    return answered(async () => ({ $case: 'jobId', value: await this.launch(request) }));
  }

  /** The checks' order is part of the interface. */
  private async launch({ blockId, computeCapacity, inputPath, simulatedNode }: LaunchProofDto): Promise<string> {
    if (computeCapacity === 0) throw new AdminError('INVALID_ARGUMENT', 'compute_capacity is 0; allowed: at least 1');
    const program = await this.program.digest();
    const input = await this.inputs.read(inputPath);
    this.checkCapacity(computeCapacity);
    const submission = {
      program,
      input,
      computeUnits: computeCapacity,
      labels: { [BLOCK_ID_LABEL]: blockId },
      ...(simulatedNode !== undefined && { simulatedNode }),
    };
    return (await this.submissions.submit(submission, null)).job;
  }

  private checkCapacity(asked: number): void {
    const { capacity } = this.provers;
    if (capacity === 0) throw new AdminError('PROVER_UNAVAILABLE', 'no prover is connected; start one and try again');
    if (asked <= capacity) return;
    const message = `compute_capacity is ${asked} and the connected provers have ${capacity}; ask for at most that`;
    throw new AdminError('PROVER_UNAVAILABLE', message);
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
