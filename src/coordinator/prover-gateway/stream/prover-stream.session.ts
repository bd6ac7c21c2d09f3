import { status } from '@grpc/grpc-js';
import { assertNever } from '../../../domain/assert-never.js';
import type { ProverId, SessionId } from '../../../domain/ids.js';
import { pause } from '../../../lifecycle/pause.js';
import { errorMessage } from '../../../lifecycle/system-error.js';
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
import { setAsideText } from '../../scheduler/prover-event.js';
import type { GatewayContext } from '../gateway-context.js';
import { PublishedLink } from '../published/published-link.js';
import { ExtendedLink } from './extended-link.js';
import { StreamLink, type ProverCall } from './stream-link.js';
import { TaskResponses } from './task-responses.js';

/** A prover that says nothing for this many heartbeats is taken for lost. */
const SILENT_HEARTBEATS = 2;
/** Whoever is asked for a sign of life gives it by then, also on a busy machine. */
const ANSWER_MS = 2000;
const ANSWER_POLL_MS = 50;

interface RegistrationAnswer {
  readonly accepted: boolean;
  readonly message: string;
  readonly idInUse: boolean;
}

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
  /** How many have come. */
  private messages = 0;
  private isRegistering = false;
  private isOver = false;
  /** Why this side has ended the stream, if it has. */
  private why: string | undefined;

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
    this.messages += 1;
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
    this.why = reason;
    this.registered?.link.close('shutdown', reason);
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
    const { link, prover } = this.registered;
    link.end();
    this.context.incumbents.leave(prover, this.id);
    const reason = this.why ?? (this.call.cancelled ? 'its connection broke' : 'its connection ended');
    this.context.scheduler.detach(this.id, reason);
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

  private async register(registration: Registration): Promise<void> {
    if (this.registered || this.isRegistering) throw violation('this stream has registered already');
    this.isRegistering = true;
    const { description, instance } = registration;
    const kernel = this.refusalOf(registration);
    if (kernel !== null) return this.refuse(registration, kernel, false);
    const inUse = await this.context.incumbents.refusal(description.prover, instance);
    if (this.isOver) return;
    if (inUse !== null) return this.refuse(registration, inUse, true);
    this.registered = this.linked(registration);
    this.attach(registration, this.registered);
    this.startHeartbeats(this.registered);
  }

  private refuse(registration: Registration, reason: string, idInUse: boolean): void {
    this.respond(new StreamLink(this.call, () => undefined), registration, {
      accepted: false,
      message: reason,
      idInUse,
    });
    this.call.end();
    this.context.scheduler.tell({ type: 'refused', prover: registration.description.prover, reason });
  }

  /** Asks the prover for a sign of life. */
  private async answers(link: StreamLink): Promise<boolean> {
    const { clock, timers } = this.context;
    const [before, askedMs] = [this.messages, clock.monotonicMs()];
    this.beat(link);
    while (clock.monotonicMs() - askedMs < ANSWER_MS && this.messages === before && !this.isOver) {
      await pause(timers, ANSWER_POLL_MS, new AbortController().signal);
    }
    return !this.isOver && this.messages > before;
  }

  private linked({ description: { prover, dialect } }: Registration): Registered {
    if (dialect === 'published') return { dialect, prover, link: new PublishedLink(this.call, prover, this.context) };
    const link = new ExtendedLink(this.call, () => this.context.scheduler.wake());
    return { dialect, prover, link, responses: new TaskResponses(prover, this.context, link) };
  }

  private attach(registration: Registration, { link, prover, dialect }: Registered): void {
    const { description, instance, ...holdings } = registration;
    const problem = dialect === 'published' ? this.context.published.problem : null;
    const setAside = this.context.scheduler.setAside(prover);
    const unpaid = problem === null ? '' : `connected, but gets no work: it ${problem}`;
    const message = setAside ? `connected, but gets no work: it is ${setAsideText(setAside)}` : unpaid;
    // The answer goes out before anything that attaching sets off.
    this.respond(link, registration, { accepted: true, message, idInUse: false });
    const { abandon } = this.context.scheduler.attach(this.id, description, link, holdings);
    for (const grant of abandon) link.revoke(grant, [], 'the grant has ended');
    const answers = () => this.answers(link);
    this.context.incumbents.enter({ session: this.id, description, instance, answers });
    if (problem !== null) this.context.log.warn({ message: 'prover gets no work', prover, reason: problem });
  }

  private refusalOf({ description, kernelDigest }: Registration): string | null {
    return description.dialect === 'published' ? null : this.context.kernelRefusal(kernelDigest);
  }

  /** A peer of the published schema is sent nothing beyond it. */
  private respond(link: StreamLink, { description, held }: Registration, answer: RegistrationAnswer): void {
    const { accepted, message, idInUse } = answer;
    const { clock, softwareVersion, protocolVersion, kernelDigest, features, heartbeatIntervalMs } = this.context;
    const published = { proverId: description.prover, accepted, message, registeredAt: toTimestamp(clock.wallMs()) };
    const abandonedGrants = accepted ? [] : held.map(fromGrant);
    const ours = {
      protocolVersion,
      softwareVersion,
      kernelDigest,
      features: [...features],
      heartbeatIntervalMs,
      idInUse,
    };
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
        this.why = `nothing was heard from it for ${Math.round(silentMs)} ms`;
        link.close('silent', `nothing was heard from ${prover} for ${Math.round(silentMs)} ms`);
        return;
      }
      this.beat(link);
    });
  }

  private beat(link: StreamLink): void {
    link.send({ $case: 'heartbeat', value: { timestamp: toTimestamp(this.context.clock.wallMs()) } });
  }
}

function errorFacts({ jobId, errorMessage }: ProverError): { readonly job: string; readonly reason: string } {
  return { job: jobId, reason: errorMessage };
}

function violation(why: string): StatusError {
  return new StatusError(status.INVALID_ARGUMENT, why);
}
