import type { ServiceError } from '@grpc/grpc-js';
import { Logger } from '@nestjs/common';
import { plainDetails } from '../../client/connection-problem.js';
import { PRODUCT_VERSION } from '../../config/product.js';
import { Backoff } from '../../lifecycle/backoff.js';
import { errorMessage } from '../../lifecycle/system-error.js';
import type { CancelTimer } from '../../lifecycle/timers.js';
import { FEATURES } from '../../wire/extensions.js';
import type { RegisterWorkerRequest, RegisterWorkerResponse } from '../../wire/generated/coordinator/coordinator.js';
import { toHeldTask } from '../../wire/unary/coordinator-message.js';
import { CoordinatorClient } from './coordinator-client.js';
import { ConnectionLog } from './connection-log.js';
import type { CoordinatorConnection, ConnectionParts } from './coordinator-connection.js';
import type { Closed } from './coordinator-stream.js';
import { UnarySession } from './unary-session.js';

const DEFAULT_HEARTBEAT_MS = 5000;

/** The connection over CoordinatorService, for where no bidirectional stream gets through: registers, again and again. */
export class UnaryConnection implements CoordinatorConnection {
  private readonly log = new Logger(UnaryConnection.name);
  private readonly backoff: Backoff;
  private readonly connection: ConnectionLog;
  private session: UnarySession | undefined;
  private cancelNext: CancelTimer = () => undefined;
  /** Whether this process was registered before: then it says what it holds. */
  private wasRegistered = false;
  private stopped = false;

  constructor(private readonly parts: ConnectionParts) {
    this.backoff = new Backoff(parts.random);
    this.connection = new ConnectionLog(parts.target.url, parts.clock);
  }

  get isConnected(): boolean {
    return this.session !== undefined;
  }

  start(): void {
    this.cancelNext = this.parts.timers.after(this.backoff.next(), () => void this.connect());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelNext();
    this.parts.taskManager.disconnected();
    await this.session?.leave();
  }

  private async connect(): Promise<void> {
    if (this.stopped) return;
    const client = new CoordinatorClient(this.parts.target);
    try {
      const response = await client.register(this.introduction());
      if (response.success && !this.stopped) return this.registered(client, response);
      client.close();
      if (!this.stopped) this.rejected(response.idInUse ? 'name_in_use' : 'rejected', response.message);
    } catch (error) {
      client.close();
      if (this.stopped) return;
      this.connection.failed(reasonOf(error), (error as Partial<ServiceError>).code);
      this.start();
    }
  }

  private introduction(): RegisterWorkerRequest {
    const { identity, taskManager } = this.parts;
    return {
      workerId: identity.id,
      computeUnits: identity.computeUnits,
      hostname: identity.hostname,
      version: PRODUCT_VERSION,
      kernelDigest: identity.kernelDigest,
      features: [...FEATURES],
      holdings: this.wasRegistered ? { held: taskManager.heldAssignments().map(toHeldTask) } : undefined,
      pid: identity.pid,
      instance: identity.instance,
    };
  }

  private registered(client: CoordinatorClient, { message, heartbeatIntervalMs }: RegisterWorkerResponse): void {
    const { taskManager, identity } = this.parts;
    this.backoff.reset();
    this.wasRegistered = true;
    const { id: prover, computeUnits } = identity;
    this.connection.connected({ prover, computeUnits, transport: 'unary' });
    if (message !== '') this.log.warn(message);
    const intervalMs = heartbeatIntervalMs || DEFAULT_HEARTBEAT_MS;
    this.session = new UnarySession(client, this.parts, intervalMs, (why) => this.closed(why));
    taskManager.connected(this.session);
  }

  private closed(why: Closed): void {
    this.session = undefined;
    this.parts.taskManager.disconnected();
    if (this.stopped) return;
    if (why.kind === 'replaced') return this.rejected('name_in_use', why.reason);
    this.connection.lost(why.reason);
    this.start();
  }

  private rejected(kind: 'rejected' | 'name_in_use', reason: string): void {
    this.stopped = true;
    this.parts.depart({ kind, reason });
  }
}

/** What gRPC says of a failed call without the name of the status. */
function reasonOf(error: unknown): string {
  return plainDetails((error as Partial<ServiceError>).details ?? '') || errorMessage(error);
}
