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
import type { ProverLink } from './prover-link.js';

/** A session and the way to its prover. */
export interface Member {
  readonly session: Session;
  readonly link: ProverLink;
}

/** Every prover that is or lately was connected; a prover has one session, the newest. */
export class Fleet {
  readonly #members = new Map<ProverId, Member>();
  readonly #provers = new Map<SessionId, ProverId>();
  #generations = 0;

  constructor(
    private readonly clock: Clock,
    private readonly times: SessionTimes,
  ) {}

  /** Registers a connection; an older one of the same prover is returned, no longer a member. */
  attach(id: SessionId, description: ProverDescription, link: ProverLink): Member | null {
    const older = this.#members.get(description.prover) ?? null;
    if (older) this.#provers.delete(older.session.id);
    this.#generations += 1;
    const now = this.#now();
    const connecting: Session = {
      ...description,
      id,
      state: { kind: 'CONNECTING' },
      generation: this.#generations,
      connectedAtWallMs: now.wallMs,
      lastHeardMs: now.monoMs,
      lastHeardWallMs: now.wallMs,
    };
    this.#members.set(description.prover, { session: moveSession(connecting, { kind: 'IDLE' }), link });
    this.#provers.set(id, description.prover);
    return older;
  }

  /** The member of a session, unless it was replaced or is gone. */
  of(id: SessionId): Member | undefined {
    const prover = this.#provers.get(id);
    return prover === undefined ? undefined : this.#members.get(prover);
  }

  find(prover: ProverId): Member | undefined {
    return this.#members.get(prover);
  }

  /** In order of arrival. */
  all(): Member[] {
    return [...this.#members.values()].sort((a, b) => a.session.generation - b.session.generation);
  }

  /** Those whose connection stands, in order of arrival. */
  connected(): Member[] {
    return this.all().filter(({ session }) => isConnected(session));
  }

  /** Returns whether the prover had been quiet, and may be given work again. */
  heard(id: SessionId): boolean {
    const member = this.of(id);
    if (!member) return false;
    const now = this.#now();
    const quiet = now.monoMs - member.session.lastHeardMs > this.times.quietMs;
    this.#update(member, (session) => ({ ...session, lastHeardMs: now.monoMs, lastHeardWallMs: now.wallMs }));
    return quiet;
  }

  /** The connection is lost; what the prover holds is kept for the grace. */
  detach(id: SessionId): void {
    const untilMs = this.#now().monoMs + this.times.graceMs;
    this.#update(this.of(id), (session) =>
      isConnected(session) ? moveSession(session, { kind: 'DETACHED', untilMs }) : session,
    );
  }

  drain(prover: ProverId): boolean {
    const member = this.#members.get(prover);
    const { kind } = member?.session.state ?? { kind: 'GONE' };
    if (kind !== 'IDLE' && kind !== 'COMPUTING') return false;
    this.#update(member, (session) => moveSession(session, { kind: 'DRAINING' }));
    return true;
  }

  /** Shows whether the prover holds anything. */
  setBusy(prover: ProverId, busy: boolean): void {
    const kind = busy ? 'COMPUTING' : 'IDLE';
    this.#update(this.#members.get(prover), (session) => {
      const changes = ['IDLE', 'COMPUTING'].includes(session.state.kind) && session.state.kind !== kind;
      return changes ? moveSession(session, { kind }) : session;
    });
  }

  /** Provers whose grace is over; they are members no longer. */
  removeGone(): ProverId[] {
    const nowMs = this.#now().monoMs;
    const gone = this.all().filter(({ session: { state } }) => state.kind === 'DETACHED' && state.untilMs <= nowMs);
    return gone.map(({ session }) => {
      this.#members.delete(session.prover);
      this.#provers.delete(session.id);
      return session.prover;
    });
  }

  /** Members that may be given something new now. */
  schedulable(): Member[] {
    const nowMs = this.#now().monoMs;
    return this.all().filter(({ session, link }) => isSchedulable(session, nowMs, this.times) && link.hasRoom());
  }

  #update(member: Member | undefined, change: (session: Session) => Session): void {
    if (member) this.#members.set(member.session.prover, { ...member, session: change(member.session) });
  }

  #now() {
    return { monoMs: this.clock.attentiveMs(), wallMs: this.clock.wallMs() };
  }
}
