import { IsInt, Max, MaxLength, Min } from 'class-validator';
import { TEXT_LENGTHS } from '../../domain/job/request.js';
import type {
  CancelRequest,
  JobLimits,
  JobState,
  ListRequest,
  SubmitRequest,
} from '../../wire/generated/proofloom/v1/proofs.js';

const MAX_PAGE = 1000;

/** How much each message may say is checked here; ids and digests, where they are mapped. */
export class SubmitDto implements SubmitRequest {
  @MaxLength(TEXT_LENGTHS.idempotencyKey, {
    message: `idempotency_key must have at most ${TEXT_LENGTHS.idempotencyKey} characters`,
  })
  idempotencyKey!: string;
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

export class ListDto implements ListRequest {
  states!: JobState[];
  labels!: Record<string, string>;
  @Min(0)
  @Max(MAX_PAGE, { message: `page_size must be at most ${MAX_PAGE}` })
  pageSize!: number;
  pageToken!: string;
}

export class CancelDto implements CancelRequest {
  jobId!: string;
  @MaxLength(TEXT_LENGTHS.reason, { message: `reason must have at most ${TEXT_LENGTHS.reason} characters` })
  reason!: string;
}
