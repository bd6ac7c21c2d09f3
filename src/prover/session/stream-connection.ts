import { Logger } from '@nestjs/common';
import { PRODUCT_VERSION, PROTOCOL_VERSION } from '../../config/product.js';
import type { JobId } from '../../domain/ids.js';
import { Backoff } from '../../lifecycle/backoff.js';
import type { CancelTimer } from '../../lifecycle/timers.js';
import { FEATURES } from '../../wire/extensions.js';
import type { ProverDescription, ProverRegisterResponse } from '../../wire/generated/zisk_distributed_api.js';
import {
  fromExecuteTask,
  fromResultAck,
  assignmentNamed,
  resultNamed,
  tasksNamed,
  toProgress,
  toProverPayload,
  toResultRef,
} from '../../wire/stream/coordinator-message.js';
import { fromAssignment } from '../../wire/stream/prover-message.js';
import type { Sender } from '../work/task-manager.js';
import { ConnectionLog } from './connection-log.js';
import type { CoordinatorConnection, ConnectionParts } from './coordinator-connection.js';
import { CoordinatorStream, type Closed, type CoordinatorPayload } from './coordinator-stream.js';

/** The connection over one ProverStream, made again whenever it is lost. */
export class StreamConnection implements CoordinatorConnection {
  private readonly log = new Logger(StreamConnection.name);
  private readonly backoff: Backoff;
  private readonly connection: ConnectionLog;
  private stream: CoordinatorStream | undefined;
  private cancelNext: CancelTimer = () => undefined;
  /** Whether this process was registered before: then it comes back with what it holds. */
  private wasRegistered = false;
  private isRegistered = false;
  private lastJob = '';
  private stopped = false;

  constructor(private readonly parts: ConnectionParts) {
    this.backoff = new Backoff(parts.random);
    this.connection = new ConnectionLog(parts.target.url, parts.clock);
  }

  start(): void {
    const { timers } = this.parts;
    this.cancelNext = timers.after(this.backoff.next(), () => this.connect());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelNext();
    this.parts.taskManager.disconnected();
    this.stream?.end();
  }

  get isConnected(): boolean {
    return this.isRegistered;
  }

  private connect(): void {
    if (this.stopped) return;
    const { target, clock, timers } = this.parts;
    const listener = {
      opened: () => this.introduce(),
      message: (payload: CoordinatorPayload) => this.take(payload),
      closed: (why: Closed) => this.closed(why),
    };
    this.stream = new CoordinatorStream(target, listener, clock, timers);
  }

  private introduce(): void {
    const { identity } = this.parts;
    const capacity = { computeUnits: identity.computeUnits };
    const value = { proverId: identity.id, computeCapacity: capacity, description: this.description() };
    this.stream?.send(
      this.wasRegistered
        ? { $case: 'reconnect', value: { ...value, lastKnownJobId: this.lastJob } }
        : { $case: 'register', value },
    );
  }

  private description(): ProverDescription {
    const { identity, taskManager } = this.parts;
    return {
      protocolVersion: PROTOCOL_VERSION,
      softwareVersion: PRODUCT_VERSION,
      kernelDigest: identity.kernelDigest,
      features: [...FEATURES],
      heldGrants: taskManager.heldAssignments().map(fromAssignment),
      unacknowledgedResults: taskManager.unacknowledged().map(toResultRef),
      hostname: identity.hostname,
      pid: identity.pid,
      instance: identity.instance,
    };
  }

  private take(payload: CoordinatorPayload): void {
    const { taskManager } = this.parts;
    switch (payload.$case) {
      case 'registerResponse':
        return this.registered(payload.value);
      case 'heartbeat':
        return this.answerHeartbeat();
      case 'executeTask':
        this.lastJob = payload.value.jobId;
        return taskManager.execute(payload.value.jobId, () => fromExecuteTask(payload.value));
      case 'revoke':
        return taskManager.revoke(assignmentNamed(payload.value), tasksNamed(payload.value));
      case 'resultAck':
        return taskManager.acknowledge(resultNamed(payload.value), fromResultAck(payload.value));
      case 'jobCancelled':
        return taskManager.jobCancelled(payload.value.jobId as JobId);
      case 'drain':
        return this.parts.depart({ kind: 'drained', reason: payload.value.reason });
      case 'shutdown':
        this.log.log({ message: 'the coordinator ends the connection', reason: payload.value.reason });
    }
  }

  private registered({
    accepted,
    message,
    heartbeatIntervalMs,
    abandonedGrants,
    idInUse,
  }: ProverRegisterResponse): void {
    const { taskManager, identity, depart } = this.parts;
    if (!accepted) {
      void this.stop();
      return depart({ kind: idInUse ? 'name_in_use' : 'rejected', reason: message });
    }
    for (const assignment of abandonedGrants) taskManager.revoke(assignmentNamed(assignment), tasksNamed(assignment));
    this.backoff.reset();
    this.wasRegistered = true;
    this.isRegistered = true;
    this.connection.connected({ prover: identity.id, computeUnits: identity.computeUnits });
    if (message !== '') this.log.warn(message);
    if (heartbeatIntervalMs > 0) this.stream?.watch(heartbeatIntervalMs);
    this.answerHeartbeat();
    if (this.stream) taskManager.connected(this.senderTo(this.stream));
  }

  private answerHeartbeat(): void {
    const { identity, taskManager } = this.parts;
    const value = { proverId: identity.id, heldGrants: taskManager.heldAssignments().map(fromAssignment) };
    this.stream?.send({ $case: 'heartbeatAck', value });
  }

  private senderTo(stream: CoordinatorStream): Sender {
    const { id } = this.parts.identity;
    return {
      send: (report) => stream.send(toProverPayload(report, id)),
      offer: (progress) => stream.offer(toProgress(progress)),
    };
  }

  private closed(why: Closed): void {
    const { taskManager, depart } = this.parts;
    const wasRegistered = this.isRegistered;
    this.isRegistered = false;
    taskManager.disconnected();
    if (this.stopped) return;
    if (why.kind === 'replaced') {
      void this.stop();
      return depart({ kind: 'name_in_use', reason: why.reason });
    }
    if (wasRegistered) this.connection.lost(why.reason);
    else this.connection.failed(why.reason, why.code);
    this.start();
  }
}
