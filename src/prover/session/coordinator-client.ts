import type { ClientReadableStream } from '@grpc/grpc-js';
import { serviceAnswer } from '../../client/call.js';
import { within, type Target } from '../../client/channel.js';
import {
  CoordinatorServiceClient,
  type HeldTask,
  type ReceiveTasksResponse,
  type RegisterWorkerRequest,
  type RegisterWorkerResponse,
  type ReportCompletionRequest,
  type ReportCompletionResponse,
  type ReportFailureRequest,
  type ReportFailureResponse,
  type SendHeartbeatResponse,
} from '../../wire/generated/coordinator/coordinator.js';
import type { Unsigned } from '../../wire/unary/coordinator-message.js';

/** What every call but the first shows. */
interface Credentials {
  readonly workerId: string;
  readonly sessionToken: string;
}

/** What is done at once is answered by then. */
const SOON_MS = 5000;
/** A report of a proof is answered when the proof is verified, and many may wait. */
const REPORT_MS = 60_000;

/** The calls of CoordinatorService, over a connection of its own; remembers the session that it registered. */
export class CoordinatorClient {
  private readonly service: CoordinatorServiceClient;
  private credentials: Credentials = { workerId: '', sessionToken: '' };

  constructor({ address, credentials, options }: Target) {
    this.service = new CoordinatorServiceClient(address, credentials, options);
  }

  /** @throws ServiceError */
  async register(request: RegisterWorkerRequest): Promise<RegisterWorkerResponse> {
    const response = await serviceAnswer<RegisterWorkerResponse>((answer) =>
      this.service.registerWorker(request, ...within(SOON_MS), answer),
    );
    this.credentials = { workerId: response.workerId, sessionToken: response.sessionToken };
    return response;
  }

  /** @param load compute units in use @throws ServiceError */
  heartbeat(heldTasks: HeldTask[], load: number, leaving = false): Promise<SendHeartbeatResponse> {
    const request = { ...this.credentials, held: heldTasks, load, leaving };
    return serviceAnswer((answer) => this.service.sendHeartbeat(request, ...within(SOON_MS), answer));
  }

  /** Assignments and cancellations for as long as the stream lasts. */
  receiveTasks(): ClientReadableStream<ReceiveTasksResponse> {
    return this.service.receiveTasks(this.credentials);
  }

  /** @throws ServiceError */
  reportCompletion(report: Unsigned<ReportCompletionRequest>): Promise<ReportCompletionResponse> {
    const request = { ...this.credentials, ...report };
    return serviceAnswer((answer) => this.service.reportCompletion(request, ...within(REPORT_MS), answer));
  }

  /** @throws ServiceError */
  reportFailure(report: Unsigned<ReportFailureRequest>): Promise<ReportFailureResponse> {
    const request = { ...this.credentials, ...report };
    return serviceAnswer((answer) => this.service.reportFailure(request, ...within(REPORT_MS), answer));
  }

  close(): void {
    this.service.close();
  }
}
