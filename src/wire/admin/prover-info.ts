import type { TaskKind } from '../../domain/job/task.js';
import type { Session } from '../../domain/session/session.js';
import { ProverInfo, type ProversList } from '../generated/zisk_distributed_api.js';
import { fitting } from '../message-size.js';
import { toTimestamp } from '../timestamps.js';

/** A prover as operators see it. */
export interface ListedProver {
  readonly session: Session;
  /** What it works on; null where it works on nothing. */
  readonly phase: TaskKind | null;
  readonly isFaulty: boolean;
  /** Why it gets no work; empty where it may. */
  readonly ineligible: string;
}

const PHASE_NAMES: Readonly<Record<TaskKind, string>> = {
  contribute: 'Contributions',
  prove: 'Prove',
  aggregate: 'Aggregate',
};

/** As many of them as fit into a message. @param listed by id */
export function toProversList(listed: readonly ListedProver[]): ProversList {
  const provers = listed.map(toProverInfo);
  const count = fitting(provers, (prover) => ProverInfo.encode(prover).finish().length);
  const last = count < provers.length ? provers[count - 1] : undefined;
  return { provers: provers.slice(0, count), next: last?.proverId ?? '' };
}

function toProverInfo(prover: ListedProver): ProverInfo {
  const { session, ineligible } = prover;
  return {
    proverId: session.prover,
    state: stateText(prover),
    computeCapacity: { computeUnits: session.computeUnits },
    connectedAt: toTimestamp(session.connectedAtWallMs),
    lastHeartbeat: toTimestamp(session.lastHeardWallMs),
    ineligibleReason: ineligible,
  };
}

function stateText({ session, phase, isFaulty }: ListedProver): string {
  switch (session.state.kind) {
    case 'CONNECTING':
      return 'Connecting';
    case 'DETACHED':
    case 'GONE':
      return 'Disconnected';
    case 'IDLE':
    case 'COMPUTING':
    case 'DRAINING':
      if (isFaulty) return 'Error';
      return phase === null ? 'Idle' : `Computing(${PHASE_NAMES[phase]})`;
  }
}
