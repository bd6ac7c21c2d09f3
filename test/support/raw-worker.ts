import { createHash } from 'node:crypto';
import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { eventually } from './calls.js';
import { ServiceClient, type Message } from './service-client.js';

/** The services of one coordinator, by their schema files. */
export class RawServices {
  readonly workers: ServiceClient;
  readonly published: ServiceClient;
  readonly admin: ServiceClient;

  constructor(
    address: string,
    private readonly http: string,
  ) {
    this.workers = new ServiceClient(address, 'coordinator/coordinator.proto', 'coordinator.CoordinatorService');
    this.published = new ServiceClient(
      address,
      'zisk_distributed_api.proto',
      'zisk.distributed.api.v1.ZiskDistributedApi',
    );
    this.admin = new ServiceClient(address, 'proofloom/v1/admin.proto', 'proofloom.v1.Admin');
  }

  close(): void {
    for (const client of [this.workers, this.published, this.admin]) client.close();
  }

  async kernelDigest(): Promise<string> {
    return String((await this.admin.call('Diagnostics'))['kernel_digest']);
  }

  async provers(): Promise<Message[]> {
    const { provers_list } = await this.published.call('ProversList');
    return (provers_list as { provers: Message[] }).provers;
  }

  /** Uploads bytes without client streaming. */
  async put(text: string): Promise<Message> {
    const bytes = Buffer.from(text);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { ok, status } = await fetch(`${this.http}/artifacts/${sha256}`, { method: 'PUT', body: bytes });
    if (!ok) throw new Error(`PUT answered ${status}`);
    return { sha256, size: String(bytes.length) };
  }
}

export const commitmentOf = (segment: number) => Buffer.alloc(32, segment + 1);

let names = 0;

/** A worker as its author would write it from the schema. */
export class RawWorker {
  readonly assignments: Message[] = [];
  readonly cancellations: Message[] = [];
  stream: ClientReadableStream<Message> | undefined;
  over: { readonly error: ServiceError | null } | undefined;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly services: RawServices,
    readonly session: { readonly worker_id: unknown; readonly session_token: unknown },
  ) {}

  /** @throws Error where it is refused */
  static async register(
    services: RawServices,
    workerId = `w${(names += 1)}`,
    change: Message = {},
  ): Promise<RawWorker> {
    const request = { worker_id: workerId, compute_units: 1, kernel_digest: await services.kernelDigest(), ...change };
    const { success, worker_id, session_token, message } = await services.workers.call('RegisterWorker', request);
    if (success !== true) throw new Error(String(message));
    return new RawWorker(services, { worker_id, session_token });
  }

  /** Registered, with a stream open, and beating. */
  static async connect(services: RawServices, workerId?: string, beatMs = 1000): Promise<RawWorker> {
    const worker = await RawWorker.register(services, workerId);
    await worker.receive();
    await eventually(async () => ((await worker.listed())['ineligible_reason'] === '' ? true : undefined));
    worker.timer = setInterval(() => void worker.beat().catch(() => undefined), beatMs);
    return worker;
  }

  receive(): Promise<unknown> {
    const stream = this.services.workers.receive('ReceiveTasks', this.session);
    this.stream = stream;
    stream.on('data', ({ assignment, cancellation, event }: Message) => {
      if (event === 'assignment') this.assignments.push(assignment as Message);
      else this.cancellations.push(cancellation as Message);
    });
    stream.on('error', (error: ServiceError) => (this.over = { error }));
    stream.on('end', () => (this.over ??= { error: null }));
    return new Promise((resolve) => stream.once('metadata', resolve));
  }

  get heldTasks(): Message[] {
    return this.assignments.map(({ job_id, epoch }) => ({ job_id, epoch, task_id: '' }));
  }

  beat(heldTasks = this.heldTasks, more: Message = {}): Promise<Message> {
    return this.services.workers.call('SendHeartbeat', { ...this.session, held: heldTasks, load: 0, ...more });
  }

  next(type: string): Promise<Message> {
    return eventually(() => this.assignments.find((assignment) => assignment['type'] === type));
  }

  complete(assignment: Message, results: Message): Promise<Message> {
    return this.services.workers.call('ReportCompletion', { ...this.about(assignment), ...results });
  }

  fail(assignment: Message, more: Message = {}): Promise<Message> {
    return this.services.workers.call('ReportFailure', {
      ...this.about(assignment),
      reason: 'no luck',
      retryable: true,
      ...more,
    });
  }

  async listed(): Promise<Message> {
    const found = (await this.services.provers()).find(({ prover_id }) => prover_id === this.session.worker_id);
    if (!found) throw new Error(`${String(this.session.worker_id)} is not listed`);
    return found;
  }

  async leave(): Promise<void> {
    clearInterval(this.timer);
    await this.beat([], { leaving: true });
  }

  private about({ job_id, assignment_id, epoch }: Message): Message {
    return { ...this.session, job_id, assignment_id, epoch };
  }
}

export const segmentsOf = (assignment: Message) =>
  (assignment['segments'] as { segment: number }[]).map(({ segment }) => segment);
export const commitmentsFor = (assignment: Message) => ({
  leaves: segmentsOf(assignment).map((segment) => ({ segment, leaf: commitmentOf(segment) })),
});
