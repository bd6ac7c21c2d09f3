import { Injectable } from '@nestjs/common';
import { isConnected, type Session } from '../../domain/session/session.js';
import { JobCommandBus } from '../jobs/job-command-bus.js';
import { ThirdPartyWorkers } from '../prover-gateway/third-party/third-party-workers.js';
import { quarantineText } from '../scheduler/prover-event.js';
import { TaskScheduler } from '../scheduler/task-scheduler.js';
import type { ListedProver } from '../../wire/admin/prover-info.js';
import type { SystemStatus } from '../../wire/generated/zisk_distributed_api.js';

const CANNOT_BE_TOLD = 'nothing can be sent to it: it has no stream for tasks open, or reads it too slowly';

/** Provers as operators see them. */
@Injectable()
export class ProverList {
  constructor(
    private readonly scheduler: TaskScheduler,
    private readonly bus: JobCommandBus,
    private readonly thirdParty: ThirdPartyWorkers,
  ) {}

  /** By id. @param after only those whose ids come after it */
  list(availableOnly: boolean, after: string): ListedProver[] {
    const listed = this.scheduler
      .sessions()
      .filter(({ prover }) => prover > after)
      .sort((a, b) => (a.prover < b.prover ? -1 : 1))
      .map((session) => this.listed(session));
    return availableOnly ? listed.filter(isAvailable) : listed;
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

  private listed(session: Session): ListedProver {
    const { prover } = session;
    return {
      session,
      phase: this.scheduler.phaseOf(prover) ?? null,
      isFaulty: this.scheduler.quarantineOf(prover)?.cause === 'fault',
      ineligible: this.ineligible(session),
    };
  }

  private ineligible({ prover, state, protocol }: Session): string {
    const quarantined = this.scheduler.quarantineOf(prover);
    if (quarantined) return quarantineText(quarantined);
    if (state.kind === 'DRAINING') return 'draining';
    if (!this.scheduler.canBeTold(prover)) return CANNOT_BE_TOLD;
    return (protocol === 'baseline' && this.thirdParty.problem) || '';
  }

  private working(): Session[] {
    return this.scheduler.connected().filter((session) => this.ineligible(session) === '');
  }
}

function isAvailable({ session, phase, ineligible }: ListedProver): boolean {
  return isConnected(session) && phase === null && ineligible === '';
}
