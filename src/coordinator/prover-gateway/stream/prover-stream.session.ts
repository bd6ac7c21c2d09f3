import { status } from '@grpc/grpc-js';
import { Logger } from '@nestjs/common';
import { PRODUCT_VERSION, PROTOCOL_VERSION } from '../../../config/product.js';
import type { Caller } from '../../../domain/access/caller.js';
import { assertNever } from '../../../domain/assert-never.js';
import type { SessionId } from '../../../domain/ids.js';
import { beat } from '../../../lifecycle/beat.js';
import type { Clock } from '../../../lifecycle/clock.js';
import { pause } from '../../../lifecycle/pause.js';
import type { Random } from '../../../lifecycle/random.js';
import { errorMessage } from '../../../lifecycle/system-error.js';
import type { CancelTimer, Timers } from '../../../lifecycle/timers.js';
import { FEATURES } from '../../../wire/extensions.js';
import {
  ProverRegisterResponse,
  type ProverError,
  type ProverMessage,
} from '../../../wire/generated/zisk_distributed_api.js';
import { StatusError } from '../../transport/status-error.js';
import {
  checkAuthor,
  fromAssignment,
  toAssignment,
  toAssignments,
  toRegistration,
  type Registration,
} from '../../../wire/stream/prover-message.js';
import { toTimestamp } from '../../../wire/timestamps.js';
import { quarantineText } from '../../scheduler/prover-event.js';
import type { TaskScheduler } from '../../scheduler/task-scheduler.js';
import type { Admission, Refusal } from '../sessions/admission.js';
import type { KernelCheck } from '../sessions/kernel-check.js';
import { assertOwnName } from '../sessions/own-name.js';
import { StreamChannel, type ProverCall } from './stream-channel.js';
import type { StreamConnection, StreamConnections } from './stream-connections.js';
import { SILENT_HEARTBEATS } from '../../../domain/session/session.js';

/** Whoever is asked for a sign of life gives it by then, also on a busy machine. */
const ANSWER_MS = 2000;
const ANSWER_POLL_MS = 50;

interface RegistrationAnswer {
  readonly accepted: boolean;
  readonly message: string;
  readonly idInUse: boolean;
}

/** What every session on a stream works with. */
export interface StreamSessionParts {
  readonly scheduler: TaskScheduler;
  readonly admission: Admission;
  readonly connections: StreamConnections;
  readonly kernel: KernelCheck;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly heartbeatIntervalMs: number;
}

/** One ProverStream: registers its prover, then carries what it says to the scheduler and the jobs. */
export class ProverStreamSession {
  private readonly log = new Logger('ProverGateway');
  private registered: StreamConnection | undefined;
  private lastHeardMs: number;
  private stopHeartbeats: CancelTimer = () => undefined;
  /** How many have come. */
  private messages = 0;
  private isRegistering = false;
  private isOver = false;
  /** Why this side has ended the stream, if it has. */
  private why: string | undefined;

  constructor(
    private readonly id: SessionId,
    private readonly call: ProverCall,
    private readonly caller: Caller,
    private readonly parts: StreamSessionParts,
  ) {
    this.lastHeardMs = parts.clock.attentiveMs();
  }

  get isRegistered(): boolean {
    return this.registered !== undefined;
  }

  /** Handles one message; rejects with what breaks the protocol, which ends the stream. */
  async handle({ payload }: ProverMessage): Promise<void> {
    this.messages += 1;
    this.lastHeardMs = this.parts.clock.attentiveMs();
    if (!payload) throw violation('the message has no payload that this coordinator knows');
    if (payload.$case === 'register') return this.register(toRegistration(payload.value, true));
    if (payload.$case === 'reconnect') return this.register(toRegistration(payload.value, false));
    const { registered } = this;
    if (!registered) throw violation('the first message must be register or reconnect');
    if (payload.$case !== 'heartbeatAck') this.parts.scheduler.heard(this.id);
    return this.dispatch(payload, registered);
  }

  /** Tells the prover that the coordinator stops, and ends the stream. */
  shutdown(reason: string): void {
    this.why = reason;
    this.registered?.channel.close('shutdown', reason);
    if (!this.registered) this.call.end();
  }

  /** The stream ends because of what the prover has sent. */
  failed(error: unknown): void {
    this.why ??= `it broke the protocol: ${errorMessage(error)}`;
  }

  /** The stream is over, for whatever reason. */
  ended(): void {
    this.stopHeartbeats();
    this.isOver = true;
    if (!this.registered) return;
    const { channel, prover } = this.registered;
    channel.end();
    this.parts.admission.left(prover, this.id);
    const reason = this.why ?? (this.call.cancelled ? 'its connection broke' : 'its connection ended');
    this.parts.scheduler.detach(this.id, reason);
  }

  private async dispatch(payload: NonNullable<ProverMessage['payload']>, registered: StreamConnection): Promise<void> {
    const { prover } = registered;
    switch (payload.$case) {
      case 'heartbeatAck':
        checkAuthor(payload.value.proverId, prover);
        return this.heartbeat(payload.value.heldGrants, registered);
      case 'error':
        checkAuthor(payload.value.proverId, prover);
        this.log.warn({ message: 'prover error', prover, ...errorFacts(payload.value) });
        if (registered.protocol === 'baseline') registered.channel.failed(payload.value);
        return;
      case 'executeTaskResponse':
        checkAuthor(payload.value.proverId, prover);
        return registered.protocol === 'baseline'
          ? registered.channel.take(payload.value)
          : registered.responses.take(payload.value);
      case 'taskAck':
        this.parts.scheduler.heard(this.id, [toAssignment(payload.value)]);
        return;
      case 'progress':
        if (registered.protocol === 'extended') registered.responses.progress(payload.value);
        return;
      case 'register':
      case 'reconnect':
        return;
      default:
        return assertNever(payload, 'message');
    }
  }

  private async register(registration: Registration): Promise<void> {
    if (this.registered || this.isRegistering) throw violation('this stream has registered already');
    assertOwnName(this.caller, registration.description.prover);
    this.isRegistering = true;
    const refusal = await this.parts.admission.refusal(registration);
    if (this.isOver) return;
    if (refusal) return this.refuse(registration, refusal);
    this.registered = this.parts.connections.open(this.call, registration);
    this.attach(registration, this.registered);
    this.startHeartbeats(this.registered);
  }

  private refuse(registration: Registration, { reason, idInUse }: Refusal): void {
    const channel = new StreamChannel(this.call, () => undefined);
    this.respond(channel, registration, { accepted: false, message: reason, idInUse });
    this.call.end();
    this.parts.admission.refused(registration.description.prover, reason);
  }

  /** Asks the prover for a sign of life. */
  private async answers(channel: StreamChannel): Promise<boolean> {
    const { clock, timers } = this.parts;
    const [before, askedMs] = [this.messages, clock.monotonicMs()];
    this.sayHeartbeat(channel);
    while (clock.monotonicMs() - askedMs < ANSWER_MS && this.messages === before && !this.isOver) {
      await pause(timers, ANSWER_POLL_MS, new AbortController().signal);
    }
    return !this.isOver && this.messages > before;
  }

  private attach(registration: Registration, { channel, prover }: StreamConnection): void {
    const { scheduler, admission, connections } = this.parts;
    const problem = connections.problemOf(registration.description);
    const quarantined = scheduler.quarantineOf(prover);
    const unpaid = problem === null ? '' : `connected, but gets no work: it ${problem}`;
    const message = quarantined ? `connected, but gets no work: it is ${quarantineText(quarantined)}` : unpaid;
    // The answer goes out before anything that attaching sets off.
    this.respond(channel, registration, { accepted: true, message, idInUse: false });
    const heldAssignments = { assignments: registration.heldAssignments, restarted: registration.restarted };
    const answers = () => this.answers(channel);
    const { abandon } = admission.admit(registration, { id: this.id, channel, heldAssignments, answers });
    for (const assignment of abandon) channel.revoke(assignment, [], 'the assignment has ended');
    if (problem !== null) this.log.warn({ message: 'prover gets no work', prover, reason: problem });
  }

  /** A third-party worker is sent nothing beyond it. */
  private respond(
    channel: StreamChannel,
    { description, heldAssignments }: Registration,
    answer: RegistrationAnswer,
  ): void {
    const { accepted, message, idInUse } = answer;
    const { clock, kernel, heartbeatIntervalMs } = this.parts;
    const published = { proverId: description.prover, accepted, message, registeredAt: toTimestamp(clock.wallMs()) };
    const abandonedGrants = accepted ? [] : heldAssignments.map(fromAssignment);
    const ours = {
      protocolVersion: PROTOCOL_VERSION,
      softwareVersion: PRODUCT_VERSION,
      kernelDigest: kernel.digest,
      features: [...FEATURES],
      heartbeatIntervalMs,
      idInUse,
    };
    const extensions = description.protocol === 'extended' ? { ...ours, abandonedGrants } : {};
    channel.send({ $case: 'registerResponse', value: ProverRegisterResponse.create({ ...published, ...extensions }) });
  }

  private heartbeat(named: Parameters<typeof toAssignments>[0], { channel, protocol }: StreamConnection): void {
    const heldAssignments = protocol === 'extended' ? toAssignments(named) : null;
    const abandon = this.parts.scheduler.heard(this.id, heldAssignments);
    for (const assignment of abandon) channel.revoke(assignment, [], 'the assignment has ended');
  }

  private startHeartbeats({ channel, prover }: StreamConnection): void {
    const { timers, random, clock, heartbeatIntervalMs } = this.parts;
    this.stopHeartbeats = beat(timers, random, heartbeatIntervalMs, () => {
      const silentMs = clock.attentiveMs() - this.lastHeardMs;
      if (silentMs > SILENT_HEARTBEATS * heartbeatIntervalMs) {
        this.why = `nothing was heard from it for ${Math.round(silentMs)} ms`;
        channel.close('silent', `nothing was heard from ${prover} for ${Math.round(silentMs)} ms`);
        return;
      }
      this.sayHeartbeat(channel);
    });
  }

  private sayHeartbeat(channel: StreamChannel): void {
    channel.send({ $case: 'heartbeat', value: { timestamp: toTimestamp(this.parts.clock.wallMs()) } });
  }
}

function errorFacts({ jobId, errorMessage }: ProverError): { readonly job: string; readonly reason: string } {
  return { job: jobId, reason: errorMessage };
}

function violation(why: string): StatusError {
  return new StatusError(status.INVALID_ARGUMENT, why);
}
