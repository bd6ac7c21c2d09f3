import { status } from '@grpc/grpc-js';
import { assertNever } from '../../../domain/assert-never.js';
import type { ProverId, SessionId } from '../../../domain/ids.js';
import type { CancelTimer } from '../../../lifecycle/timers.js';
import type { ProverMessage } from '../../../wire/generated/zisk_distributed_api.js';
import { StatusError } from '../../../wire/status-mapping.js';
import {
  checkAuthor,
  fromGrant,
  toGrant,
  toGrants,
  toRegistration,
  type Registration,
} from '../../../wire/stream/prover-message.js';
import { toTimestamp } from '../../../wire/timestamps.js';
import type { GatewayContext } from '../gateway-context.js';
import { StreamLink, type ProverCall } from './stream-link.js';
import { TaskResponses } from './task-responses.js';

/** A prover that says nothing for this many heartbeats is taken for lost. */
const SILENT_HEARTBEATS = 2;

interface Registered {
  readonly prover: ProverId;
  readonly isOurs: boolean;
  readonly link: StreamLink;
  readonly responses: TaskResponses;
}

/** One ProverStream: registers its prover, then carries what it says to the scheduler and the jobs. */
export class ProverStreamSession {
  private registered: Registered | undefined;
  private lastHeardMs: number;
  private stopHeartbeats: CancelTimer = () => undefined;

  constructor(
    private readonly id: SessionId,
    private readonly call: ProverCall,
    private readonly context: GatewayContext,
  ) {
    this.lastHeardMs = context.clock.monotonicMs();
  }

  get isRegistered(): boolean {
    return this.registered !== undefined;
  }

  /** Handles one message; rejects with what breaks the protocol, which ends the stream. */
  async handle({ payload }: ProverMessage): Promise<void> {
    this.lastHeardMs = this.context.clock.monotonicMs();
    if (!payload) throw violation('the message has no payload that this coordinator knows');
    if (payload.$case === 'register') return this.register(toRegistration(payload.value, true));
    if (payload.$case === 'reconnect') return this.register(toRegistration(payload.value, false));
    const { registered } = this;
    if (!registered) throw violation('the first message must be register or reconnect');
    if (payload.$case !== 'heartbeatAck') this.context.scheduler.heard(this.id);
    return this.dispatch(payload, registered);
  }

  /** Tells the prover that the coordinator stops, and ends the stream. */
  shutdown(reason: string): void {
    this.registered?.link.close('shutdown', reason);
    if (!this.registered) this.call.end();
  }

  /** The stream is over, for whatever reason. */
  ended(): void {
    this.stopHeartbeats();
    if (!this.registered) return;
    this.registered.link.end();
    this.context.scheduler.detach(this.id);
    this.context.log.log({ message: 'prover disconnected', prover: this.registered.prover });
  }

  private async dispatch(payload: NonNullable<ProverMessage['payload']>, registered: Registered): Promise<void> {
    const { prover, responses } = registered;
    switch (payload.$case) {
      case 'heartbeatAck':
        checkAuthor(payload.value.proverId, prover);
        return this.heartbeat(payload.value.heldGrants, registered);
      case 'error':
        checkAuthor(payload.value.proverId, prover);
        this.context.log.warn({ message: 'prover error', prover, ...payload.value });
        return;
      case 'executeTaskResponse':
        checkAuthor(payload.value.proverId, prover);
        return responses.take(payload.value);
      case 'taskAck':
        this.context.scheduler.heard(this.id, [toGrant(payload.value)]);
        return;
      case 'progress':
        return responses.progress(payload.value);
      case 'register':
      case 'reconnect':
        return;
      default:
        return assertNever(payload, 'message');
    }
  }

  private register(registration: Registration): void {
    if (this.registered) throw violation('this stream has registered already');
    const isOurs = registration.description.dialect === 'extended';
    const link = new StreamLink(this.call, isOurs, () => this.context.scheduler.wake());
    const refusal = this.refusalOf(registration);
    if (refusal !== null) {
      this.respond(link, registration, false, refusal);
      this.call.end();
      return;
    }
    const { prover } = registration.description;
    const responses = new TaskResponses(prover, this.context, link);
    this.registered = { prover, isOurs, link, responses };
    this.attach(registration, this.registered);
    this.startHeartbeats(this.registered);
  }

  private attach(registration: Registration, { link, prover, isOurs }: Registered): void {
    const { description, ...holdings } = registration;
    // The answer goes out before anything that attaching sets off.
    this.respond(link, registration, true, isOurs ? '' : NO_WORK_FOR_PUBLISHED);
    const { abandon, setAside } = this.context.scheduler.attach(this.id, description, link, holdings);
    for (const grant of abandon) link.revoke(grant, [], 'the grant has ended');
    const { computeUnits, hostname, pid, dialect } = description;
    this.context.log.log({ message: 'prover connected', prover, computeUnits, dialect, hostname, pid });
    if (setAside !== null) this.context.log.warn({ message: 'prover is set aside', prover, reason: setAside });
  }

  private refusalOf({ description, kernelDigest }: Registration): string | null {
    return description.dialect === 'published' ? null : this.context.kernelRefusal(kernelDigest);
  }

  private respond(link: StreamLink, { description, held }: Registration, accepted: boolean, message: string): void {
    const { clock, softwareVersion, protocolVersion, kernelDigest, features, heartbeatIntervalMs } = this.context;
    link.send({
      $case: 'registerResponse',
      value: {
        proverId: description.prover,
        accepted,
        message,
        registeredAt: toTimestamp(clock.wallMs()),
        protocolVersion,
        softwareVersion,
        kernelDigest,
        features: [...features],
        heartbeatIntervalMs,
        abandonedGrants: accepted ? [] : held.map(fromGrant),
      },
    });
  }

  private heartbeat(held: Parameters<typeof toGrants>[0], { link, isOurs }: Registered): void {
    const abandon = this.context.scheduler.heard(this.id, isOurs ? toGrants(held) : null);
    for (const grant of abandon) link.revoke(grant, [], 'the grant has ended');
  }

  private startHeartbeats({ link, prover }: Registered): void {
    const { timers, clock, heartbeatIntervalMs } = this.context;
    this.stopHeartbeats = timers.every(heartbeatIntervalMs, () => {
      const silentMs = clock.monotonicMs() - this.lastHeardMs;
      if (silentMs > SILENT_HEARTBEATS * heartbeatIntervalMs) {
        link.close('silent', `nothing was heard from ${prover} for ${Math.round(silentMs)} ms`);
        return;
      }
      link.send({ $case: 'heartbeat', value: { timestamp: toTimestamp(clock.wallMs()) } });
    });
  }
}

const NO_WORK_FOR_PUBLISHED = 'connected; this version gives work only to provers that speak its extensions';

function violation(why: string): StatusError {
  return new StatusError(status.INVALID_ARGUMENT, why);
}
