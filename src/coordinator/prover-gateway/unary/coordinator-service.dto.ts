import { ArrayMaxSize, IsArray, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type {
  ArtifactReference,
  BusySpan,
  HeldTask,
  Holdings,
  ReceiveTasksRequest,
  RegisterWorkerRequest,
  ReportCompletionRequest,
  ReportFailureRequest,
  SegmentLeaf,
  SegmentProofReference,
  SendHeartbeatRequest,
} from '../../../wire/generated/coordinator/coordinator.js';

const MAX_TEXT = 256;
const MAX_REASON = 4096;
const MAX_FEATURES = 64;
const MAX_UNITS = 256;
/** Names in one message. */
const MAX_TASKS = 65_536;

const shortText = (field: string) =>
  MaxLength(MAX_TEXT, { message: `${field} must have at most ${MAX_TEXT} characters` });
const atMost = (count: number, field: string) =>
  ArrayMaxSize(count, { message: `${field} must have at most ${count} entries` });

/** How much each message may say is checked here; ids, digests and what its parts name, where they are mapped. */
export class RegisterWorkerDto implements RegisterWorkerRequest {
  @IsString()
  workerId!: string;
  @Min(1, { message: 'compute_units must be at least 1' })
  @Max(MAX_UNITS, { message: `compute_units must be at most ${MAX_UNITS}` })
  computeUnits!: number;
  @shortText('hostname')
  hostname!: string;
  @shortText('version')
  version!: string;
  kernelDigest!: string;
  @IsArray()
  @atMost(MAX_FEATURES, 'features')
  features!: string[];
  holdings!: Holdings | undefined;
  pid!: number;
  @shortText('instance')
  instance!: string;
}

/** Who calls. */
class SessionDto {
  workerId!: string;
  @shortText('session_token')
  sessionToken!: string;
}

export class SendHeartbeatDto extends SessionDto implements SendHeartbeatRequest {
  @atMost(MAX_TASKS, 'held')
  held!: HeldTask[];
  load!: number;
  leaving!: boolean;
}

export class ReceiveTasksDto extends SessionDto implements ReceiveTasksRequest {}

/** Which assignment a report is about. */
class ReportDto extends SessionDto {
  jobId!: string;
  @shortText('assignment_id')
  @Matches(/./, { message: 'assignment_id must be the one of a TaskAssignment' })
  assignmentId!: string;
  epoch!: bigint;
}

export class ReportCompletionDto extends ReportDto implements ReportCompletionRequest {
  leaves!: SegmentLeaf[];
  proofs!: SegmentProofReference[];
  finalProof!: ArtifactReference | undefined;
  busy!: BusySpan[];
}

export class ReportFailureDto extends ReportDto implements ReportFailureRequest {
  @MaxLength(MAX_REASON, { message: `reason must have at most ${MAX_REASON} characters` })
  reason!: string;
  retryable!: boolean;
  @atMost(MAX_TASKS, 'task_ids')
  taskIds!: string[];
  handedBack!: boolean;
}
