import { Injectable } from '@nestjs/common';
import type { Session } from '../../domain/session/session.js';
import type { TaskKind } from '../../domain/job/task.js';
import { JobCommandBus } from '../jobs/job-command-bus.js';
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
    private readonly bus: JobCommandBus,
    private readonly thirdParty: ThirdPartyWorkers,
  ) {}

  list(availableOnly: boolean): ProverInfo[] {
    const infos = this.scheduler.sessions().map((session) => this.info(session));
    return availableOnly ? infos.filter(({ state, ineligibleReason }) => state === 'Idle' && !ineligibleReason) : infos;
  }

  /** Compute units of connected provers that may work. */
  get capacity(): number {
    return this.working().reduce((sum, { computeUnits }) => sum + computeUnits, 0);
  }

  /** Connected provers. */
  get connections(): number {
    return this.scheduler.connected().length;
  }

  status(): SystemStatus {
    const connected = this.scheduler.connected();
    const busy = connected.filter((session) => this.scheduler.phaseOf(session.prover) !== undefined).length;
    return {
      totalProvers: connected.length,
      computeCapacity: this.capacity,
      idleProvers: connected.length - busy,
      busyProvers: busy,
      activeJobs: this.bus.open,
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
        const phase = this.scheduler.phaseOf(session.prover);
        return phase === undefined ? 'Idle' : `Computing(${PHASE_NAMES[phase]})`;
      }
    }
  }

  private ineligible({ prover, state, dialect }: Session): string {
    const setAside = this.scheduler.setAside(prover);
    if (setAside) return setAsideText(setAside);
    if (state.kind === 'DRAINING') return 'draining';
    if (!this.scheduler.canBeTold(prover)) return CANNOT_BE_TOLD;
    return (dialect === 'published' && this.thirdParty.problem) || '';
  }

  private working(): Session[] {
    return this.scheduler.connected().filter((session) => this.ineligible(session) === '');
  }
}
