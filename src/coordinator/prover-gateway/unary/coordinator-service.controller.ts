import { status, type Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import { Settings } from '../../../config/settings.js';
import type { ProverId } from '../../../domain/ids.js';
import type { Reporter } from '../../../domain/job/reported-result.js';
import { rejected, type Verdict } from '../../../domain/verdict.js';
import { Random } from '../../../lifecycle/random.js';
import type {
  RegisterWorkerResponse,
  ReportCompletionResponse,
  ReportFailureResponse,
  SendHeartbeatResponse,
} from '../../../wire/generated/coordinator/coordinator.js';
import { COORDINATOR_SERVICE } from '../../../wire/services.js';
import { callerOf } from '../../transport/callers.js';
import { StatusError } from '../../transport/status-error.js';
import { assignmentId } from '../../../wire/unary/task-assignment.js';
import {
  heldOf,
  toNamedSession,
  toCompletion,
  toHeldAssignments,
  toReportAnswer,
  toReportedFailure,
  toReportedAssignment,
  toWorkerRegistration,
  type ReportAnswer,
} from '../../../wire/unary/worker-message.js';
import { TaskScheduler } from '../../scheduler/task-scheduler.js';
import { ProverReports } from '../sessions/prover-reports.js';
import {
  ReceiveTasksDto,
  RegisterWorkerDto,
  ReportCompletionDto,
  ReportFailureDto,
  SendHeartbeatDto,
} from './coordinator-service.dto.js';
import type { ReceiveTasksCall } from './task-stream.js';
import { WorkerRegistry } from './worker-registry.js';

const NAME_BYTES = 4;

/** Provers without a bidirectional stream: they register, beat, receive tasks on a stream of ours, and report. */
@Controller()
export class CoordinatorServiceController {
  constructor(
    private readonly registry: WorkerRegistry,
    private readonly reports: ProverReports,
    private readonly scheduler: TaskScheduler,
    private readonly random: Random,
    private readonly settings: Settings,
  ) {}

  @GrpcMethod(COORDINATOR_SERVICE, 'RegisterWorker')
  async registerWorker(request: RegisterWorkerDto, metadata: Metadata): Promise<RegisterWorkerResponse> {
    const nameless = `worker-${this.random.hex(NAME_BYTES)}` as ProverId;
    const registration = toWorkerRegistration(request, nameless);
    const registered = await this.registry.register(registration, callerOf(metadata));
    return {
      success: registered.accepted,
      message: registered.message,
      workerId: registration.description.prover,
      sessionToken: registered.accepted ? registered.session.token : '',
      heartbeatIntervalMs: this.settings.leases.heartbeatIntervalMs,
      idInUse: !registered.accepted && registered.idInUse,
    };
  }

  @GrpcMethod(COORDINATOR_SERVICE, 'SendHeartbeat')
  sendHeartbeat(request: SendHeartbeatDto, metadata: Metadata): SendHeartbeatResponse {
    const { held: heldAssignments, leaving } = request;
    const session = this.registry.session(toNamedSession(request), callerOf(metadata));
    const over = this.registry.heard(session, toHeldAssignments(heldAssignments));
    if (leaving) this.registry.leave(session);
    return { success: true, message: '', abandon: heldOf(heldAssignments, over), drain: session.channel.drains };
  }

  @GrpcMethod(COORDINATOR_SERVICE, 'ReceiveTasks')
  receiveTasks(request: ReceiveTasksDto, metadata: Metadata, call: ReceiveTasksCall): Observable<never> {
    const session = this.registry.session(toNamedSession(request), callerOf(metadata));
    this.registry.assertServing();
    this.registry.heard(session);
    return session.channel.open(call, this.scheduler.openAssignments(session.prover));
  }

  @GrpcMethod(COORDINATOR_SERVICE, 'ReportCompletion')
  async reportCompletion(request: ReportCompletionDto, metadata: Metadata): Promise<ReportCompletionResponse> {
    const { results, busy } = toCompletion(request);
    return this.judge(request, metadata, (reporter) => this.reports.results(reporter, results, busy));
  }

  @GrpcMethod(COORDINATOR_SERVICE, 'ReportFailure')
  async reportFailure(request: ReportFailureDto, metadata: Metadata): Promise<ReportFailureResponse> {
    const failure = toReportedFailure(request);
    return this.judge(request, metadata, (reporter) =>
      failure === 'handed_back' ? this.reports.handBack(reporter) : this.reports.failure(reporter, failure),
    );
  }

  /** @throws StatusError UNAVAILABLE where the report cannot be judged now: the worker reports again */
  private async judge(
    request: ReportCompletionDto | ReportFailureDto,
    metadata: Metadata,
    report: (reporter: Reporter) => Promise<Verdict | null>,
  ): Promise<ReportAnswer> {
    const session = this.registry.session(toNamedSession(request), callerOf(metadata));
    const { job, epoch, assignmentId: named } = toReportedAssignment(request);
    this.registry.heard(session);
    if (named !== assignmentId({ job, epoch })) {
      return toReportAnswer(rejected(`${named} is not the assignment of job ${job} and epoch ${epoch}`));
    }
    const verdict = await report({ job, prover: session.prover, epoch });
    if (verdict === null) throw new StatusError(status.UNAVAILABLE, 'the report cannot be judged now; report it again');
    return toReportAnswer(verdict);
  }
}
