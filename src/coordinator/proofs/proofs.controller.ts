import type { Metadata, ServerWritableStream } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { parseJobId, type JobId, type ProverId } from '../../domain/ids.js';
import { isTerminal } from '../../domain/job/job-state.js';
import type {
  CancelResponse,
  GetRequest,
  GetResponse,
  Job,
  ListResponse,
  SubmitResponse,
  WatchRequest,
  WatchResponse,
} from '../../wire/generated/proofloom/v1/proofs.js';
import { toJob } from '../../wire/proofs/job.js';
import { toJobQuery, toListResponse } from '../../wire/proofs/list.js';
import { toSubmission } from '../../wire/proofs/submission.js';
import { toWatchResponses } from '../../wire/proofs/watch.js';
import { PROOFS } from '../../wire/services.js';
import type { JobView } from '../jobs/job-views.js';
import { JobsService } from '../jobs/jobs.service.js';
import { TaskScheduler } from '../scheduler/task-scheduler.js';
import { CancelDto, ListDto, SubmitDto } from './proofs.dto.js';
import { Submissions } from './submissions.js';

/** Proof jobs, for applications. */
@Controller()
export class ProofsController {
  constructor(
    private readonly submissions: Submissions,
    private readonly jobs: JobsService,
    private readonly scheduler: TaskScheduler,
  ) {}

  @GrpcMethod(PROOFS, 'Submit')
  async submit(request: SubmitDto): Promise<SubmitResponse> {
    const { job, existing } = await this.submissions.submit(toSubmission(request), request.idempotencyKey || null);
    return { jobId: job, existing };
  }

  @GrpcMethod(PROOFS, 'Get')
  async get({ jobId }: GetRequest): Promise<GetResponse> {
    return { job: await this.view(parseJobId(jobId, 'job_id')) };
  }

  @GrpcMethod(PROOFS, 'List')
  async list(request: ListDto): Promise<ListResponse> {
    return toListResponse(await this.jobs.list(toJobQuery(request)));
  }

  @GrpcMethod(PROOFS, 'Watch')
  async *watch(
    { jobId, afterSequence }: WatchRequest,
    _metadata: Metadata,
    call: ServerWritableStream<WatchRequest, WatchResponse>,
  ): AsyncGenerator<WatchResponse> {
    const id = parseJobId(jobId, 'job_id');
    const gone = new AbortController();
    call.once('cancelled', () => gone.abort());
    let sequence = Number(afterSequence);
    for await (const step of this.jobs.watch(id, sequence, gone.signal)) {
      sequence = step.events.at(-1)?.seq ?? sequence;
      yield* toWatchResponses(step, this.toJob(step.view), sequence);
    }
  }

  @GrpcMethod(PROOFS, 'Cancel')
  async cancel({ jobId, reason }: CancelDto): Promise<CancelResponse> {
    const id = parseJobId(jobId, 'job_id');
    await this.jobs.cancel(id, reason || 'cancelled by a client');
    return { job: await this.view(id) };
  }

  private async view(id: JobId): Promise<Job> {
    return this.toJob(await this.jobs.get(id));
  }

  private toJob(view: JobView): Job {
    const job = toJob(view, (prover) => this.pidOf(prover));
    return isTerminal(view.header.status) ? job : { ...job, waitingFor: this.scheduler.obstacle(view.header) ?? '' };
  }

  private pidOf(prover: ProverId): number {
    return this.scheduler.session(prover)?.pid ?? 0;
  }
}
