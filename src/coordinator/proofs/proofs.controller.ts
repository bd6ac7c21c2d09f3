import type { ServerWritableStream } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { IsInt, Matches, Max, MaxLength, Min } from 'class-validator';
import type { Metadata } from '@grpc/grpc-js';
import { invalidArgument } from '../../domain/errors.js';
import { parseJobId, parseSha256, type JobId, type ProverId } from '../../domain/ids.js';
import { isTerminal } from '../../domain/job/job-state.js';
import { TEXT_LENGTHS } from '../../domain/job/request.js';
import { TaskScheduler } from '../scheduler/task-scheduler.js';
import type { JobView } from '../jobs/job-view.js';
import { JobsService, type WatchStep } from '../jobs/jobs.service.js';
import {
  type CancelRequest,
  type CancelResponse,
  type GetRequest,
  type GetResponse,
  type Job,
  type JobLimits,
  type JobState,
  type ListRequest,
  type ListResponse,
  type SegmentProgress,
  type SubmitRequest,
  type SubmitResponse,
  type WatchRequest,
  type WatchResponse,
} from '../../wire/generated/proofloom/v1/proofs.js';
import { eventText } from '../../wire/proofs/event-text.js';
import { fromStates, toJob, toJobSummary } from '../../wire/proofs/job.js';
import { PROOFS } from '../../wire/services.js';
import { toTimestamp } from '../../wire/timestamps.js';
import { segmentOf } from '../../domain/job/task.js';
import { Submissions, type Submission } from './submissions.js';

const MAX_INLINE_BYTES = 64 * 1024;
const DEFAULT_PAGE = 100;
const MAX_PAGE = 1000;
const ID_RULE = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
const JOB_ID_MESSAGE = 'job_id must be the id of a job';

class JobIdDto {
  @Matches(ID_RULE, { message: JOB_ID_MESSAGE })
  jobId!: string;
}

class SubmitDto implements SubmitRequest {
  @MaxLength(TEXT_LENGTHS.idempotencyKey, {
    message: `idempotency_key must have at most ${TEXT_LENGTHS.idempotencyKey} characters`,
  })
  idempotencyKey!: string;
  @Matches(/^[0-9a-f]{64}$/, { message: 'program_digest must be 64 lower-case hexadecimal digits' })
  programDigest!: string;
  input!: SubmitRequest['input'];
  computeCapacity!: number;
  @IsInt()
  priority!: number;
  deadlineMs!: bigint;
  labels!: Record<string, string>;
  limits!: JobLimits | undefined;
  segmentCycles!: number;
}

class ListDto implements ListRequest {
  states!: JobState[];
  labels!: Record<string, string>;
  @Min(0)
  @Max(MAX_PAGE, { message: `page_size must be at most ${MAX_PAGE}` })
  pageSize!: number;
  @Matches(/^(\d{1,15})?$/, { message: 'page_token must be the next_page_token of an earlier answer' })
  pageToken!: string;
}

class WatchDto extends JobIdDto implements WatchRequest {
  afterSequence!: bigint;
}

class CancelDto extends JobIdDto implements CancelRequest {
  @MaxLength(TEXT_LENGTHS.reason, { message: `reason must have at most ${TEXT_LENGTHS.reason} characters` })
  reason!: string;
}

class GetDto extends JobIdDto implements GetRequest {}

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
  async get({ jobId }: GetDto): Promise<GetResponse> {
    return { job: await this.view(parseJobId(jobId, 'job_id')) };
  }

  @GrpcMethod(PROOFS, 'List')
  async list({ states, labels, pageSize, pageToken }: ListDto): Promise<ListResponse> {
    const after = pageToken === '' ? null : Number(pageToken);
    const query = { states: fromStates(states), labels, after, limit: pageSize || DEFAULT_PAGE };
    const { jobs, next } = await this.jobs.list(query);
    return { jobs: jobs.map(toJobSummary), nextPageToken: next === null ? '' : String(next) };
  }

  @GrpcMethod(PROOFS, 'Watch')
  async *watch(
    { jobId, afterSequence }: WatchDto,
    _metadata: Metadata,
    call: ServerWritableStream<WatchRequest, WatchResponse>,
  ): AsyncGenerator<WatchResponse> {
    const id = parseJobId(jobId, 'job_id');
    const gone = new AbortController();
    call.once('cancelled', () => gone.abort());
    let sequence = Number(afterSequence);
    for await (const step of this.jobs.watch(id, sequence, gone.signal)) {
      sequence = step.events.at(-1)?.seq ?? sequence;
      yield* responsesOf(step, this.toJob(step.view), sequence);
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
    return isTerminal(view.header.status) ? job : { ...job, waitingFor: this.scheduler.obstacle ?? '' };
  }

  private pidOf(prover: ProverId): number {
    return this.scheduler.session(prover)?.pid ?? 0;
  }
}

function toSubmission(request: SubmitDto): Submission {
  const { limits } = request;
  return {
    program: parseSha256(request.programDigest, 'program_digest'),
    input: inputOf(request),
    computeUnits: request.computeCapacity,
    priority: request.priority,
    deadlineMs: Number(request.deadlineMs),
    labels: request.labels,
    segmentCycles: request.segmentCycles,
    ...(limits && { limits: { ...limits, maxCycles: Number(limits.maxCycles) } }),
  };
}

function inputOf({ input }: SubmitDto): Submission['input'] {
  switch (input?.$case) {
    case 'inputDigest':
      return parseSha256(input.value, 'input_digest');
    case 'inputInline':
      if (input.value.length <= MAX_INLINE_BYTES) return input.value;
      throw invalidArgument(
        'input_inline',
        `${input.value.length} bytes`,
        `at most ${MAX_INLINE_BYTES} bytes; upload it`,
      );
    case undefined:
      return new Uint8Array();
  }
}

/** One message per event, the newest with the job as it is now; only progress: one message without an event. */
function responsesOf({ events, progress }: WatchStep, job: Job, sequence: number): WatchResponse[] {
  const running = progress.map(toSegmentProgress);
  if (events.length === 0) return [{ sequence: BigInt(sequence), at: undefined, job, message: '', running }];
  return events.map((event, index) => {
    const isNewest = index === events.length - 1;
    const newest = isNewest ? { job, running } : { job: undefined, running: [] };
    return { sequence: BigInt(event.seq), at: toTimestamp(event.atMs), message: eventText(event), ...newest };
  });
}

function toSegmentProgress({ task, prover, phase, permille }: WatchStep['progress'][number]): SegmentProgress {
  return { segment: segmentOf(task) ?? 0, phase, proverId: prover, permille };
}
