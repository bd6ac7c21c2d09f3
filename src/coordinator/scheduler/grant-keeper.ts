import type { ProverId } from '../../domain/ids.js';
import type { Assignment } from '../../domain/job/effect.js';
import type { JobEvent } from '../../domain/job/event.js';
import { isLive } from '../../domain/job/grant.js';
import type { JobState } from '../../domain/job/job-state.js';
import type { TaskKind } from '../../domain/job/task.js';
import { LeaseTable, type DueLease, type GrantId, type Lease } from '../../domain/session/lease-table.js';
import type { Clock } from '../../lifecycle/clock.js';
import { TaskLatency } from './task-latency.js';

/** How what a prover says it holds compares with what it was granted. */
export interface Reconciliation {
  /** Granted, and not held any more: to be given to others. */
  readonly lost: readonly Lease[];
  /** Held, and not the prover's any more: to be abandoned. */
  readonly stale: readonly GrantId[];
}

/** After a start, live grants are not looked at for this many leases: their provers are about to come back. */
const LEASES_AFTER_START = 2;

const PHASE_OF_RESULT: Readonly<Partial<Record<JobEvent['type'], TaskKind>>> = {
  contributed: 'contribute',
  proven: 'prove',
  aggregated: 'aggregate',
};

/** Time and the live grants: leases, acknowledgements, and how long results usually take. */
export class GrantKeeper {
  readonly leases = new LeaseTable();
  readonly latency = new TaskLatency();

  constructor(
    private readonly clock: Clock,
    private readonly acknowledgeMs: number,
  ) {}

  /** A grant goes out now. */
  sent({ job, epoch, prover, leaseMs }: Assignment): void {
    const nowMs = this.clock.attentiveMs();
    const acknowledgeByMs = nowMs + this.acknowledgeMs;
    this.leases.add({ job, epoch, prover, leaseMs, lastResultMs: nowMs, untilMs: nowMs + leaseMs, acknowledgeByMs });
  }

  /** The prover names grants it works on: renewed if they are its own, returned if they are not. */
  renew(prover: ProverId, held: readonly GrantId[]): GrantId[] {
    const nowMs = this.clock.attentiveMs();
    for (const grant of held) this.leases.renew(grant, prover, nowMs);
    return held.filter((grant) => this.leases.get(grant)?.prover !== prover);
  }

  renewAll(prover: ProverId): void {
    this.renew(prover, this.leases.heldBy(prover));
  }

  /** A result came: the prover is at work, and took so long for it. */
  noteResult(job: JobState, event: JobEvent): void {
    const phase = PHASE_OF_RESULT[event.type];
    if (phase === undefined || !('epoch' in event)) return;
    const grant = { job: job.id, epoch: event.epoch };
    const tookMs = this.leases.resultCame(grant, this.clock.attentiveMs());
    if (tookMs !== null) this.latency.add(job.id, phase, tookMs);
    this.renew(event.prover, [grant]);
  }

  due(): DueLease[] {
    return this.leases.due(this.clock.attentiveMs());
  }

  idleMs(grant: GrantId): number | null {
    const lease = this.leases.get(grant);
    return lease ? this.clock.attentiveMs() - lease.lastResultMs : null;
  }

  reconcile(prover: ProverId, held: readonly GrantId[]): Reconciliation {
    const named = new Set(held.map(keyOf));
    const lost = this.leases.heldBy(prover).filter((lease) => !named.has(keyOf(lease)));
    return { lost, stale: this.renew(prover, held) };
  }

  /** The jobs were read from the store: every live grant has a lease, a fresh one where there was none. */
  reload(jobs: readonly JobState[]): void {
    const live = jobs.flatMap((job) => [...job.grants].filter(isLive).map((grant) => ({ ...grant, job: job.id })));
    const known = new Set(live.map(keyOf));
    for (const lease of this.leases.all()) if (!known.has(keyOf(lease))) this.leases.remove(lease);
    const nowMs = this.clock.attentiveMs();
    for (const { job, epoch, prover, leaseMs } of live) {
      if (this.leases.get({ job, epoch })) continue;
      const untilMs = nowMs + leaseMs * LEASES_AFTER_START;
      this.leases.add({ job, epoch, prover, leaseMs, lastResultMs: nowMs, untilMs, acknowledgeByMs: null });
    }
  }
}

function keyOf({ job, epoch }: GrantId): string {
  return `${job}#${epoch}`;
}
