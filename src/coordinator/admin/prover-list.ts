import { Injectable } from '@nestjs/common';
import { isConnected, type Session } from '../../domain/session/session.js';
import type { TaskKind } from '../../domain/job/task.js';
import { JobEngine } from '../jobs/job-engine.js';
import { ThirdPartyWorkers } from '../prover-gateway/third-party/third-party-workers.js';
import { setAsideText } from '../scheduler/prover-event.js';
import { TaskScheduler } from '../scheduler/task-scheduler.js';
import type { ProverInfo, SystemStatus } from '../../wire/generated/zisk_distributed_api.js';
import { toTimestamp } from '../../wire/timestamps.js';

const PHASE_NAMES: Readonly<Record<TaskKind, string>> = {
  contribute: 'Contributions',
  prove: 'Prove',
  aggregate: 'Aggregate',
};

const CANNOT_BE_TOLD = 'nothing can be sent to it: it has no stream for tasks open, or reads it too slowly';

/** Provers in the words of the published interface. */
@Injectable()
export class ProverList {
  constructor(
    private readonly scheduler: TaskScheduler,
    private readonly engine: JobEngine,
    private readonly thirdParty: ThirdPartyWorkers,
  ) {}

  list(availableOnly: boolean): ProverInfo[] {
    const infos = this.sessions().map((session) => this.info(session));
    return availableOnly ? infos.filter(({ state, ineligibleReason }) => state === 'Idle' && !ineligibleReason) : infos;
  }

  /** Compute units of connected provers that may work. */
  get capacity(): number {
    return this.working().reduce((sum, { computeUnits }) => sum + computeUnits, 0);
  }

  /** Connected provers. */
  get connections(): number {
    return this.sessions().filter(isConnected).length;
  }

  status(): SystemStatus {
    const connected = this.sessions().filter(isConnected);
    const busy = connected.filter((session) => this.phaseOf(session) !== undefined).length;
    return {
      totalProvers: connected.length,
      computeCapacity: this.capacity,
      idleProvers: connected.length - busy,
      busyProvers: busy,
      activeJobs: this.engine.open,
    };
  }

  private info(session: Session): ProverInfo {
    return {
      proverId: session.prover,
      state: this.stateOf(session),
      computeCapacity: { computeUnits: session.computeUnits },
      connectedAt: toTimestamp(session.connectedAtWallMs),
      lastHeartbeat: toTimestamp(session.lastHeardWallMs),
      ineligibleReason: this.ineligible(session),
    };
  }

  private stateOf(session: Session): string {
    switch (session.state.kind) {
      case 'CONNECTING':
        return 'Connecting';
      case 'DETACHED':
      case 'GONE':
        return 'Disconnected';
      case 'IDLE':
      case 'COMPUTING':
      case 'DRAINING': {
        if (this.scheduler.setAside(session.prover)?.cause === 'fault') return 'Error';
        const phase = this.phaseOf(session);
        return phase === undefined ? 'Idle' : `Computing(${PHASE_NAMES[phase]})`;
      }
    }
  }

  private ineligible({ prover, state, dialect }: Session): string {
    const setAside = this.scheduler.setAside(prover);
    if (setAside) return setAsideText(setAside);
    if (state.kind === 'DRAINING') return 'draining';
    if (this.scheduler.registry.find(prover)?.link.hasRoom() === false) return CANNOT_BE_TOLD;
    return (dialect === 'published' && this.thirdParty.problem) || '';
  }

  /** What the prover works on: the phase of its latest grant. */
  private phaseOf({ prover }: Session): TaskKind | undefined {
    const lease = this.scheduler.grants.leases.heldBy(prover).at(-1);
    return lease && this.engine.ledger.findCommitted(lease.job)?.grants[lease.epoch - 1]?.phase;
  }

  private working(): Session[] {
    return this.sessions().filter((session) => isConnected(session) && this.ineligible(session) === '');
  }

  private sessions(): Session[] {
    return this.scheduler.registry.all().map(({ session }) => session);
  }
}
