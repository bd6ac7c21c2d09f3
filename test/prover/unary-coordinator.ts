import {
  Metadata,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
} from '@grpc/grpc-js';
import {
  CoordinatorServiceService,
  TaskAssignment,
  TaskKind,
  Verdict,
  type ReceiveTasksRequest,
  type ReceiveTasksResponse,
  type RegisterWorkerRequest,
  type RegisterWorkerResponse,
  type ReportCompletionRequest,
  type ReportCompletionResponse,
  type ReportFailureRequest,
  type ReportFailureResponse,
  type SendHeartbeatRequest,
  type SendHeartbeatResponse,
} from '../../src/wire/generated/coordinator/coordinator.js';
import { TaskType, type ExecuteTaskRequest } from '../../src/wire/generated/zisk_distributed_api.js';
import { eventually } from '../support/calls.js';
import { TestCoordinator } from './test-coordinator.js';

type Handler<Request, Response> = (call: ServerUnaryCall<Request, Response>, answer: sendUnaryData<Response>) => void;
type TaskStreamCall = ServerWritableStream<ReceiveTasksRequest, ReceiveTasksResponse>;

export const HEARTBEAT_MS = 5000;

const KINDS: Partial<Record<TaskType, TaskKind>> = {
  [TaskType.PARTIAL_CONTRIBUTION]: TaskKind.TASK_KIND_PARTIAL_CONTRIBUTION,
  [TaskType.PROVE]: TaskKind.TASK_KIND_PROVE,
  [TaskType.AGGREGATE]: TaskKind.TASK_KIND_AGGREGATE,
};

/** Plays the coordinator's part of CoordinatorService: keeps what it is told, and answers as the test says. */
export class UnaryCoordinator extends TestCoordinator {
  readonly registrations: RegisterWorkerRequest[] = [];
  readonly heartbeats: SendHeartbeatRequest[] = [];
  readonly completions: ReportCompletionRequest[] = [];
  readonly failures: ReportFailureRequest[] = [];
  readonly streams: TaskStreamCall[] = [];
  registration: Partial<RegisterWorkerResponse> = {};
  heartbeat: Partial<SendHeartbeatResponse> = {};
  verdict: Verdict = Verdict.VERDICT_ACCEPTED;
  /** What calls of a session fail with, while set. */
  refusal: { readonly code: status; readonly details: string } | undefined;
  /** What only reports fail with, while set. */
  reportRefusal: { readonly code: status; readonly details: string } | undefined;

  override async start(): Promise<void> {
    this.server.addService(CoordinatorServiceService, {
      registerWorker: this.registerWorker,
      sendHeartbeat: this.sendHeartbeat,
      receiveTasks: this.receiveTasks,
      reportCompletion: this.reportCompletion,
      reportFailure: this.reportFailure,
    });
    await super.start();
  }

  /** Forgets every session, as a coordinator that was started anew. */
  forget(): void {
    this.tokens.clear();
    for (const stream of this.streams) stream.emit('error', unknownSession());
  }

  /** Gives an assignment of the stream's schema to the worker that receives. */
  async assign(given: ExecuteTaskRequest): Promise<void> {
    const stream = await eventually(() => this.streams.at(-1));
    const assignment = TaskAssignment.create({
      assignmentId: `${given.jobId}/${given.epoch}`,
      epoch: given.epoch,
      jobId: given.jobId,
      type: KINDS[given.taskType] ?? TaskKind.TASK_KIND_UNSPECIFIED,
      segments: given.tasks,
      challenge: { ...given.statement, round: given.round, leaves: given.leaves, challenge: given.challenge },
      proofs: given.segmentProofs.map(({ segment, artifact }) => ({
        segment,
        ...(artifact ? { proof: artifact } : {}),
      })),
      leaseMs: given.leaseMs,
      segmentCycles: given.segmentCycles,
      ...(given.program ? { program: given.program } : {}),
      ...(given.input ? { input: given.input } : {}),
    });
    stream.write({ event: { $case: 'assignment', value: assignment } });
  }

  async cancel(taskIds: string[], assignmentId = 'job-1/1'): Promise<void> {
    const stream = await eventually(() => this.streams.at(-1));
    const value = { jobId: 'job-1', assignmentId, epoch: 1n, reason: 'not needed', taskIds };
    stream.write({ event: { $case: 'cancellation', value } });
  }

  private readonly tokens = new Set<string>();

  private readonly registerWorker: Handler<RegisterWorkerRequest, RegisterWorkerResponse> = ({ request }, answer) => {
    this.registrations.push(request);
    const sessionToken = `token-${this.registrations.length}`;
    this.tokens.add(sessionToken);
    const session = { workerId: request.workerId, sessionToken, heartbeatIntervalMs: HEARTBEAT_MS };
    answer(null, { success: true, message: '', idInUse: false, ...session, ...this.registration });
  };

  private readonly sendHeartbeat: Handler<SendHeartbeatRequest, SendHeartbeatResponse> = ({ request }, answer) => {
    const refusal = this.refused(request);
    if (refusal) return answer(refusal);
    this.heartbeats.push(request);
    answer(null, { success: true, message: '', abandon: [], drain: false, ...this.heartbeat });
  };

  private readonly receiveTasks = (call: TaskStreamCall) => {
    call.sendMetadata(new Metadata());
    const refusal = this.refused(call.request);
    if (refusal) return void call.emit('error', refusal);
    this.streams.push(call);
  };

  private readonly reportCompletion: Handler<ReportCompletionRequest, ReportCompletionResponse> = (
    { request },
    answer,
  ) => {
    this.completions.push(request);
    const refusal = this.reportRefusal ?? this.refused(request);
    answer(refusal ?? null, { success: true, message: '', verdict: this.verdict });
  };

  private readonly reportFailure: Handler<ReportFailureRequest, ReportFailureResponse> = ({ request }, answer) => {
    this.failures.push(request);
    const refusal = this.reportRefusal ?? this.refused(request);
    answer(refusal ?? null, { success: true, message: '', verdict: this.verdict });
  };

  private refused({ sessionToken }: { readonly sessionToken: string }): Partial<ServiceError> | undefined {
    return this.refusal ?? (this.tokens.has(sessionToken) ? undefined : unknownSession());
  }
}

function unknownSession() {
  return { code: status.NOT_FOUND, details: 'there is no such session' };
}
