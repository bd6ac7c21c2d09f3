import type { ProverId, SessionId } from '../../domain/ids.js';
import {
  isConnected,
  isSchedulable,
  moveSession,
  type ProverDescription,
  type Session,
  type SessionTimes,
} from '../../domain/session/session.js';
import type { Clock } from '../../lifecycle/clock.js';
import type { ProverChannel } from './prover-channel.js';

/** A session and the way to its prover. */
export interface RegisteredProver {
  readonly session: Session;
  readonly channel: ProverChannel;
}

/** Every prover that is or lately was connected; a prover has one session, the newest. */
export class ProverRegistry {
  private readonly registered = new Map<ProverId, RegisteredProver>();
  private readonly provers = new Map<SessionId, ProverId>();
  private generations = 0;

  constructor(
    private readonly clock: Clock,
    private readonly times: SessionTimes,
  ) {}

  /** Registers a connection; an older one of the same prover is returned, no longer registered. */
  attach(id: SessionId, description: ProverDescription, channel: ProverChannel): RegisteredProver | null {
    const older = this.registered.get(description.prover) ?? null;
    if (older) this.provers.delete(older.session.id);
    this.generations += 1;
    const now = this.now();
    const connecting: Session = {
      ...description,
      id,
      state: { kind: 'CONNECTING' },
      generation: this.generations,
      connectedAtWallMs: now.wallMs,
      lastHeardMs: now.monoMs,
      lastHeardWallMs: now.wallMs,
    };
    this.registered.set(description.prover, { session: moveSession(connecting, { kind: 'IDLE' }), channel });
    this.provers.set(id, description.prover);
    return older;
  }

  /** The registered prover of a session, unless it was replaced or is gone. */
  of(id: SessionId): RegisteredProver | undefined {
    const prover = this.provers.get(id);
    return prover === undefined ? undefined : this.registered.get(prover);
  }

  find(prover: ProverId): RegisteredProver | undefined {
    return this.registered.get(prover);
  }

  /** In order of arrival. */
  all(): RegisteredProver[] {
    return [...this.registered.values()].sort((a, b) => a.session.generation - b.session.generation);
  }

  /** Those whose connection stands, in order of arrival. */
  connected(): RegisteredProver[] {
    return this.all().filter(({ session }) => isConnected(session));
  }

  /** Returns whether the prover had been quiet, and may be given work again. */
  heard(id: SessionId): boolean {
    const registered = this.of(id);
    if (!registered) return false;
    const now = this.now();
    const quiet = now.monoMs - registered.session.lastHeardMs > this.times.quietMs;
    this.update(registered, (session) => ({ ...session, lastHeardMs: now.monoMs, lastHeardWallMs: now.wallMs }));
    return quiet;
  }

  /** The connection is lost; what the prover holds is kept for the grace. */
  detach(id: SessionId): void {
    const untilMs = this.now().monoMs + this.times.graceMs;
    this.update(this.of(id), (session) =>
      isConnected(session) ? moveSession(session, { kind: 'DETACHED', untilMs }) : session,
    );
  }

  drain(prover: ProverId): boolean {
    const registered = this.registered.get(prover);
    const { kind } = registered?.session.state ?? { kind: 'GONE' };
    if (kind !== 'IDLE' && kind !== 'COMPUTING') return false;
    this.update(registered, (session) => moveSession(session, { kind: 'DRAINING' }));
    return true;
  }

  /** Shows whether the prover holds anything. */
  setBusy(prover: ProverId, busy: boolean): void {
    const kind = busy ? 'COMPUTING' : 'IDLE';
    this.update(this.registered.get(prover), (session) => {
      const changes = ['IDLE', 'COMPUTING'].includes(session.state.kind) && session.state.kind !== kind;
      return changes ? moveSession(session, { kind }) : session;
    });
  }

  /** Provers whose grace is over; they are registered no longer. */
  removeGone(): ProverId[] {
    const nowMs = this.now().monoMs;
    const gone = this.all().filter(({ session: { state } }) => state.kind === 'DETACHED' && state.untilMs <= nowMs);
    return gone.map(({ session }) => {
      this.registered.delete(session.prover);
      this.provers.delete(session.id);
      return session.prover;
    });
  }

  /** May the prover be given something new now? */
  isSchedulable({ session, channel }: RegisteredProver): boolean {
    return isSchedulable(session, this.now().monoMs, this.times) && channel.hasRoom();
  }

  private update(registered: RegisteredProver | undefined, change: (session: Session) => Session): void {
    if (!registered) return;
    const session = change(registered.session);
    this.registered.set(session.prover, { ...registered, session });
  }

  private now() {
    return { monoMs: this.clock.attentiveMs(), wallMs: this.clock.wallMs() };
  }
}
