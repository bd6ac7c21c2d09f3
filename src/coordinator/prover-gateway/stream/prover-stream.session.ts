import { status } from '@grpc/grpc-js';
import { assertNever } from '../../../domain/assert-never.js';
import type { ProverId, SessionId } from '../../../domain/ids.js';
import type { CancelTimer } from '../../../lifecycle/timers.js';
import {
  ProverRegisterResponse,
  type ProverError,
  type ProverMessage,
} from '../../../wire/generated/zisk_distributed_api.js';
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
import { PublishedLink } from '../published/published-link.js';
import { ExtendedLink } from './extended-link.js';
import { StreamLink, type ProverCall } from './stream-link.js';
import { TaskResponses } from './task-responses.js';

/** A prover that says nothing for this many heartbeats is taken for lost. */
const SILENT_HEARTBEATS = 2;

type Registered =
  | {
      readonly dialect: 'extended';
      readonly prover: ProverId;
      readonly link: ExtendedLink;
      readonly responses: TaskResponses;
    }
  | { readonly dialect: 'published'; readonly prover: ProverId; readonly link: PublishedLink };

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
    this.lastHeardMs = context.clock.attentiveMs();
  }

  get isRegistered(): boolean {
    return this.registered !== undefined;
  }

  /** Handles one message; rejects with what breaks the protocol, which ends the stream. */
  async handle({ payload }: ProverMessage): Promise<void> {
    this.lastHeardMs = this.context.clock.attentiveMs();
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
    const { prover } = registered;
    switch (payload.$case) {
      case 'heartbeatAck':
        checkAuthor(payload.value.proverId, prover);
        return this.heartbeat(payload.value.heldGrants, registered);
      case 'error':
        checkAuthor(payload.value.proverId, prover);
        this.context.log.warn({ message: 'prover error', prover, ...errorFacts(payload.value) });
        if (registered.dialect === 'published') registered.link.failed(payload.value);
        return;
      case 'executeTaskResponse':
        checkAuthor(payload.value.proverId, prover);
        return registered.dialect === 'published'
          ? registered.link.take(payload.value)
          : registered.responses.take(payload.value);
      case 'taskAck':
        this.context.scheduler.heard(this.id, [toGrant(payload.value)]);
        return;
      case 'progress':
        if (registered.dialect === 'extended') registered.responses.progress(payload.value);
        return;
      case 'register':
      case 'reconnect':
        return;
      default:
        return assertNever(payload, 'message');
    }
  }

  private register(registration: Registration): void {
    if (this.registered) throw violation('this stream has registered already');
    const refusal = this.refusalOf(registration);
    if (refusal !== null) {
      this.respond(new StreamLink(this.call, () => undefined), registration, false, refusal);
      this.call.end();
      return;
    }
    this.registered = this.linked(registration);
    this.attach(registration, this.registered);
    this.startHeartbeats(this.registered);
  }

  private linked({ description: { prover, dialect } }: Registration): Registered {
    if (dialect === 'published') return { dialect, prover, link: new PublishedLink(this.call, prover, this.context) };
    const link = new ExtendedLink(this.call, () => this.context.scheduler.wake());
    return { dialect, prover, link, responses: new TaskResponses(prover, this.context, link) };
  }

  private attach(registration: Registration, { link, prover, dialect }: Registered): void {
    const { description, ...holdings } = registration;
    const problem = dialect === 'published' ? this.context.published.problem : null;
    // The answer goes out before anything that attaching sets off.
    this.respond(link, registration, true, problem === null ? '' : `connected, but gets no work: it ${problem}`);
    const { abandon, setAside } = this.context.scheduler.attach(this.id, description, link, holdings);
    for (const grant of abandon) link.revoke(grant, [], 'the grant has ended');
    const { computeUnits, hostname, pid } = description;
    this.context.log.log({ message: 'prover connected', prover, computeUnits, dialect, hostname, pid });
    if (problem !== null) this.context.log.warn({ message: 'prover gets no work', prover, reason: problem });
    if (setAside !== null) this.context.log.warn({ message: 'prover is set aside', prover, reason: setAside });
  }

  private refusalOf({ description, kernelDigest }: Registration): string | null {
    return description.dialect === 'published' ? null : this.context.kernelRefusal(kernelDigest);
  }

  /** A peer of the published schema is sent nothing beyond it. */
  private respond(link: StreamLink, { description, held }: Registration, accepted: boolean, message: string): void {
    const { clock, softwareVersion, protocolVersion, kernelDigest, features, heartbeatIntervalMs } = this.context;
    const published = { proverId: description.prover, accepted, message, registeredAt: toTimestamp(clock.wallMs()) };
    const abandonedGrants = accepted ? [] : held.map(fromGrant);
    const ours = { protocolVersion, softwareVersion, kernelDigest, features: [...features], heartbeatIntervalMs };
    const extensions = description.dialect === 'extended' ? { ...ours, abandonedGrants } : {};
    link.send({ $case: 'registerResponse', value: ProverRegisterResponse.create({ ...published, ...extensions }) });
  }

  private heartbeat(held: Parameters<typeof toGrants>[0], { link, dialect }: Registered): void {
    const abandon = this.context.scheduler.heard(this.id, dialect === 'extended' ? toGrants(held) : null);
    for (const grant of abandon) link.revoke(grant, [], 'the grant has ended');
  }

  private startHeartbeats({ link, prover }: Registered): void {
    const { timers, clock, heartbeatIntervalMs } = this.context;
    this.stopHeartbeats = timers.every(heartbeatIntervalMs, () => {
      const silentMs = clock.attentiveMs() - this.lastHeardMs;
      if (silentMs > SILENT_HEARTBEATS * heartbeatIntervalMs) {
        link.close('silent', `nothing was heard from ${prover} for ${Math.round(silentMs)} ms`);
        return;
      }
      link.send({ $case: 'heartbeat', value: { timestamp: toTimestamp(clock.wallMs()) } });
    });
  }
}

function errorFacts({ jobId, errorMessage }: ProverError): { readonly job: string; readonly reason: string } {
  return { job: jobId, reason: errorMessage };
}

function violation(why: string): StatusError {
  return new StatusError(status.INVALID_ARGUMENT, why);
}
