import { status } from '@grpc/grpc-js';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Caller } from '../../../domain/access/caller.js';
import { DomainError } from '../../../domain/errors.js';
import type { ProverId, SessionId } from '../../../domain/ids.js';
import type { AssignmentId } from '../../../domain/session/lease-table.js';
import { Settings } from '../../../config/settings.js';
import { Clock } from '../../../lifecycle/clock.js';
import { Random } from '../../../lifecycle/random.js';
import { Timers, type CancelTimer } from '../../../lifecycle/timers.js';
import { StatusError } from '../../transport/status-error.js';
import { fetchesCommitments } from '../../../wire/extensions.js';
import type { NamedSession, WorkerRegistration } from '../../../wire/unary/worker-message.js';
import type { CloseReason } from '../../scheduler/prover-channel.js';
import { quarantineText } from '../../scheduler/prover-event.js';
import type { HeldAssignments } from '../../scheduler/held-assignments.js';
import { TaskScheduler } from '../../scheduler/task-scheduler.js';
import { Admission, type Refusal } from '../sessions/admission.js';
import { assertOwnName } from '../sessions/own-name.js';
import { UnaryChannel } from './unary-channel.js';
import { SILENT_HEARTBEATS } from '../../../domain/session/session.js';

/** A registered worker. */
export interface WorkerSession {
  readonly id: SessionId;
  readonly prover: ProverId;
  /** What the worker shows with every call. */
  readonly token: string;
  readonly channel: UnaryChannel;
}

/** What came of a registration. */
export type Registered =
  | { readonly accepted: true; readonly session: WorkerSession; readonly message: string }
  | { readonly accepted: false; readonly message: string; readonly idInUse: boolean };

/** Workers registered at once; more are refused. */
const MAX_SESSIONS = 10_000;
/** Tokens of replaced sessions remembered, so that their processes learn why they must not come back. */
const MAX_REPLACED = 1024;
const SESSION_ID_BYTES = 8;
const TOKEN_BYTES = 16;
const SWEEPS_PER_HEARTBEAT = 5;

/**
 * The workers that have no connection of their own to lose: each is there from RegisterWorker until it has said nothing
 * or been without its stream for a lease, has left, or another process takes its name.
 */
@Injectable()
export class WorkerRegistry implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sessions = new Map<ProverId, WorkerSession>();
  private readonly lastHeardMs = new Map<SessionId, number>();
  /** Token -> why its session was replaced, oldest first. */
  private readonly replaced = new Map<string, string>();
  private stopSweeping: CancelTimer = () => undefined;
  private stopping = false;

  private readonly heartbeatIntervalMs: number;
  /** A worker that says nothing for this long has lost what it holds. */
  private readonly leaseMs: number;

  constructor(
    private readonly scheduler: TaskScheduler,
    private readonly admission: Admission,
    private readonly clock: Clock,
    private readonly timers: Timers,
    private readonly random: Random,
    { leases }: Settings,
  ) {
    this.heartbeatIntervalMs = leases.heartbeatIntervalMs;
    this.leaseMs = leases.leaseMs;
  }

  get size(): number {
    return this.sessions.size;
  }

  onApplicationBootstrap(): void {
    this.stopSweeping = this.timers.every(this.heartbeatIntervalMs / SWEEPS_PER_HEARTBEAT, () => this.sweep());
  }

  /** Ends every stream in good order; reports are still taken until the calls end. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    this.stopSweeping();
    for (const { channel } of this.sessions.values()) channel.end();
  }

  /**
   * @throws StatusError UNAVAILABLE while the coordinator stops, PERMISSION_DENIED where the name is not the caller's;
   * DomainError QUOTA_EXCEEDED
   */
  async register(registration: WorkerRegistration, caller: Caller): Promise<Registered> {
    this.assertServing();
    const { prover } = registration.description;
    assertOwnName(caller, prover);
    const refusal = await this.admission.refusal(registration);
    if (refusal) return this.refused(prover, refusal);
    if (!this.sessions.has(prover) && this.sessions.size >= MAX_SESSIONS) throw tooMany();
    const heldAssignments = this.heldAssignmentsOf(registration);
    const session = this.newSession(registration);
    const { id, channel } = session;
    const answers = async () => this.isThere(session);
    const { quarantined } = this.admission.admit(registration, { id, channel, heldAssignments, answers });
    this.sessions.set(prover, session);
    this.lastHeardMs.set(id, this.clock.attentiveMs());
    return { accepted: true, session, message: quarantined ? quarantineText(quarantined) : '' };
  }

  /**
   * The session of a call.
   * @throws DomainError SESSION_UNKNOWN: the worker registers again; StatusError ABORTED: it must not; PERMISSION_DENIED
   */
  session({ prover, token }: NamedSession, caller: Caller): WorkerSession {
    assertOwnName(caller, prover);
    const session = this.sessions.get(prover);
    if (session?.token === token) return session;
    const why = this.replaced.get(token);
    if (why !== undefined) throw new StatusError(status.ABORTED, why);
    throw new DomainError('SESSION_UNKNOWN', `${prover} has no such session`, 'call RegisterWorker again');
  }

  /** The worker has called. Returns those of the assignments it names that are not its own any more. */
  heard({ id }: WorkerSession, heldAssignments: readonly AssignmentId[] = []): readonly AssignmentId[] {
    this.lastHeardMs.set(id, this.clock.attentiveMs());
    return this.scheduler.heard(id, heldAssignments);
  }

  /** The worker stops: what it has not given back is given to others after the grace. */
  leave(session: WorkerSession): void {
    session.channel.end();
    this.lose(session, 'the worker leaves');
  }

  assertServing(): void {
    if (this.stopping) throw new StatusError(status.UNAVAILABLE, 'the coordinator stops; try again soon');
  }

  private refused(prover: ProverId, { reason, idInUse }: Refusal): Registered {
    this.admission.refused(prover, reason);
    return { accepted: false, message: reason, idInUse };
  }

  /** A worker cannot be asked. One that was killed has lost its stream, one that was cut off does not beat. */
  private isThere({ id, channel }: WorkerSession): boolean {
    return channel.receives && this.silentMs(id) <= SILENT_HEARTBEATS * this.heartbeatIntervalMs;
  }

  private newSession({ description: { prover }, features }: WorkerRegistration): WorkerSession {
    const { random, clock } = this;
    const channel = new UnaryChannel(
      clock,
      fetchesCommitments(features),
      () => this.scheduler.wake(prover),
      (reason, message) => this.closed(session, reason, message),
    );
    const id = random.hex(SESSION_ID_BYTES) as SessionId;
    const session: WorkerSession = { id, prover, token: random.hex(TOKEN_BYTES), channel };
    return session;
  }

  /** A worker that names nothing is a new process, unless nobody of its name is known: then it is not asked. */
  private heldAssignmentsOf({ description, heldAssignments }: WorkerRegistration): HeldAssignments | null {
    if (heldAssignments) return { assignments: heldAssignments, restarted: false };
    const isKnown = this.scheduler.session(description.prover) !== undefined;
    return isKnown ? { assignments: [], restarted: true } : null;
  }

  /** The scheduler has ended a session. */
  private closed(session: WorkerSession, reason: CloseReason, message: string): void {
    if (reason === 'replaced') this.remember(session.token, message);
    this.forget(session);
  }

  private sweep(): void {
    for (const session of this.sessions.values()) {
      const reason = this.lossOf(session);
      if (reason === null) continue;
      session.channel.end(new StatusError(status.DEADLINE_EXCEEDED, reason));
      this.lose(session, reason);
    }
  }

  /** A worker that can be told nothing would keep its partition from others for as long as it beats. */
  private lossOf({ id, prover, channel }: WorkerSession): string | null {
    const { leaseMs } = this;
    const silentMs = this.silentMs(id);
    if (silentMs > leaseMs) return `nothing was heard from ${prover} for ${Math.round(silentMs)} ms`;
    const { withoutStreamMs } = channel;
    return withoutStreamMs > leaseMs ? `${prover} receives no tasks for ${Math.round(withoutStreamMs)} ms` : null;
  }

  private silentMs(id: SessionId): number {
    return this.clock.attentiveMs() - (this.lastHeardMs.get(id) ?? 0);
  }

  private lose(session: WorkerSession, reason: string): void {
    this.forget(session);
    this.scheduler.detach(session.id, reason);
  }

  private forget(session: WorkerSession): void {
    this.lastHeardMs.delete(session.id);
    this.admission.left(session.prover, session.id);
    if (this.sessions.get(session.prover) === session) this.sessions.delete(session.prover);
  }

  private remember(token: string, why: string): void {
    this.replaced.set(token, why);
    const [oldest] = this.replaced.keys();
    if (oldest !== undefined && this.replaced.size > MAX_REPLACED) this.replaced.delete(oldest);
  }
}

function tooMany(): DomainError {
  const hint = 'stop workers that are not needed, or try again later';
  return new DomainError('QUOTA_EXCEEDED', `${MAX_SESSIONS} workers are registered already`, hint);
}
