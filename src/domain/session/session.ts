import type { ProverId, SessionId } from '../ids.js';
import { assertTransition, type TransitionTable } from '../transition-table.js';

/** What a prover told us when it came: fixed for the life of the session. */
export interface ProverDescription {
  readonly prover: ProverId;
  readonly computeUnits: number;
  /** `published` knows only the published schema: one whole partition of one job at a time. */
  readonly protocol: 'extended' | 'baseline';
  readonly hostname: string;
  readonly pid: number | null;
  readonly softwareVersion: string;
}

/**
 * CONNECTING until the prover is registered, then IDLE or COMPUTING by the assignments it holds. DETACHED: the connection
 * is lost, the assignments are kept for the grace. DRAINING: finishes what it holds and gets nothing new.
 */
export type SessionState =
  | { readonly kind: 'CONNECTING' }
  | { readonly kind: 'IDLE' }
  | { readonly kind: 'COMPUTING' }
  | { readonly kind: 'DETACHED'; readonly untilMs: number }
  | { readonly kind: 'DRAINING' }
  | { readonly kind: 'GONE'; readonly cause: string };

export const SESSION_TRANSITIONS: TransitionTable<SessionState['kind']> = {
  CONNECTING: ['IDLE', 'GONE'],
  IDLE: ['COMPUTING', 'DRAINING', 'DETACHED', 'GONE'],
  COMPUTING: ['IDLE', 'DRAINING', 'DETACHED', 'GONE'],
  DETACHED: ['GONE'],
  DRAINING: ['DETACHED', 'GONE'],
  GONE: [],
};

export interface Session extends ProverDescription {
  readonly id: SessionId;
  readonly state: SessionState;
  /** Order of arrival; a larger number is the newer connection of a prover. */
  readonly generation: number;
  readonly connectedAtWallMs: number;
  readonly lastHeardMs: number;
  readonly lastHeardWallMs: number;
}

/** Either side that hears nothing from the other for so many heartbeats takes it for lost. */
export const SILENT_HEARTBEATS = 2;

/** How long silence is tolerated, in monotonic milliseconds. */
export interface SessionTimes {
  /** After this silence the prover gets nothing new; what it holds is still its own. */
  readonly quietMs: number;
  /** After a lost connection assignments are kept this long. */
  readonly graceMs: number;
}

/** @throws Error when the change is not in the table: a bug in the caller. */
export function moveSession(session: Session, state: SessionState): Session {
  assertTransition('session', SESSION_TRANSITIONS, session.state.kind, state.kind);
  return { ...session, state };
}

export function isConnected(session: Session): boolean {
  return ['IDLE', 'COMPUTING', 'DRAINING'].includes(session.state.kind);
}

/** May the prover be given something new now? Two thresholds: quiet provers get nothing, lost ones lose what they hold. */
export function isSchedulable(session: Session, nowMs: number, times: SessionTimes): boolean {
  const { kind } = session.state;
  return (kind === 'IDLE' || kind === 'COMPUTING') && nowMs - session.lastHeardMs <= times.quietMs;
}
