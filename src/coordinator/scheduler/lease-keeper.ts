import type { ProverId } from '../../domain/ids.js';
import { assignmentContent } from '../../domain/job/assignment-content.js';
import type { AssignmentContent } from '../../domain/job/effect.js';
import type { JobEvent } from '../../domain/job/event.js';
import { isLive } from '../../domain/job/assignment.js';
import type { JobState } from '../../domain/job/job-state.js';
import type { TaskKind } from '../../domain/job/task.js';
import { LeaseTable, type DueLease, type AssignmentId, type Lease } from '../../domain/session/lease-table.js';
import type { Clock } from '../../lifecycle/clock.js';
import type { JobCommandBus } from '../jobs/job-command-bus.js';
import type { SchedulerOptions } from './scheduler.options.js';
import { TaskLatency } from './task-latency.js';

/** Jobs under way, as decided and as stored. */
type Jobs = Pick<JobCommandBus, 'find' | 'findCommitted'>;

/** How what a prover says it holds compares with what it was assigned. */
export interface Reconciliation {
  /** Assigned, and not held any more: to be given to others. */
  readonly lost: readonly Lease[];
  /** Held, and not the prover's any more: to be abandoned. */
  readonly stale: readonly AssignmentId[];
}

/** After a start, live assignments are not looked at for this many leases: their provers are about to come back. */
const LEASES_AFTER_START = 2;

const PHASE_OF_RESULT: Readonly<Partial<Record<JobEvent['type'], TaskKind>>> = {
  contributed: 'contribute',
  proven: 'prove',
  aggregated: 'aggregate',
};

/** Time and the live assignments: leases, acknowledgements, and how long results usually take. */
export class LeaseKeeper {
  readonly leases = new LeaseTable();
  readonly latency = new TaskLatency();

  constructor(
    private readonly clock: Clock,
    private readonly acknowledgeMs: number,
  ) {}

  /** An assignment goes out now. */
  sent({ job, epoch, prover, leaseMs }: AssignmentContent): void {
    const nowMs = this.clock.attentiveMs();
    const acknowledgeByMs = nowMs + this.acknowledgeMs;
    this.leases.add({ job, epoch, prover, leaseMs, lastResultMs: nowMs, untilMs: nowMs + leaseMs, acknowledgeByMs });
  }

  /** The prover names assignments it works on: renewed if they are its own, returned if they are not. */
  renew(prover: ProverId, heldAssignments: readonly AssignmentId[]): AssignmentId[] {
    const nowMs = this.clock.attentiveMs();
    for (const assignment of heldAssignments) this.leases.renew(assignment, prover, nowMs);
    return heldAssignments.filter((assignment) => this.leases.get(assignment)?.prover !== prover);
  }

  renewAll(prover: ProverId): void {
    this.renew(prover, this.leases.heldBy(prover));
  }

  /** A result came: the prover is at work, and took so long for it. */
  noteResult(job: JobState, event: JobEvent): void {
    const phase = PHASE_OF_RESULT[event.type];
    if (phase === undefined || !('epoch' in event)) return;
    const assignment = { job: job.id, epoch: event.epoch };
    const tookMs = this.leases.resultCame(assignment, this.clock.attentiveMs());
    if (tookMs !== null) this.latency.add(job.id, phase, tookMs);
    this.renew(event.prover, [assignment]);
  }

  due(): DueLease[] {
    return this.leases.due(this.clock.attentiveMs());
  }

  /** Live assignments that have given nothing for so long. */
  silentFor(ms: number): Lease[] {
    const sinceMs = this.clock.attentiveMs() - ms;
    return this.leases.all().filter(({ lastResultMs }) => lastResultMs <= sinceMs);
  }

  /**
   * Work that has given no result for too long, be it that nobody else waits for it: a lone prover would keep it for ever.
   *
   * @param atOnce whether the prover answers all tasks of an assignment at once
   */
  timedOut(
    { taskTimeoutMs, assignment: { overdueAfter } }: Pick<SchedulerOptions, 'taskTimeoutMs' | 'assignment'>,
    jobs: Jobs,
    atOnce: (prover: ProverId) => boolean,
  ): Lease[] {
    return this.silentFor(taskTimeoutMs).filter((lease) => {
      const assignment = jobs.find(lease.job)?.assignments.at(lease.epoch - 1);
      if (!assignment) return false;
      const usualMs = this.latency.medianMs(lease.job, assignment.phase) ?? 0;
      const answers = atOnce(lease.prover) ? assignment.tasks.length : 1;
      return (this.idleMs(lease) ?? 0) >= Math.max(taskTimeoutMs, usualMs * overdueAfter) * answers;
    });
  }

  /** Live assignments of the prover as they would be sent now. */
  openOf(prover: ProverId, jobs: Jobs): AssignmentContent[] {
    return this.leases.heldBy(prover).flatMap(({ job, epoch }) => {
      const state = jobs.findCommitted(job);
      // One that is about to end is not begun again.
      const assignments = [state, jobs.find(job)].map((known) => known?.assignments.at(epoch - 1));
      return state && assignments.every((assignment) => assignment && isLive(assignment))
        ? [assignmentContent(state, epoch)]
        : [];
    });
  }

  idleMs(assignment: AssignmentId): number | null {
    const lease = this.leases.get(assignment);
    return lease ? this.clock.attentiveMs() - lease.lastResultMs : null;
  }

  reconcile(prover: ProverId, heldAssignments: readonly AssignmentId[]): Reconciliation {
    const named = new Set(heldAssignments.map(keyOf));
    const lost = this.leases.heldBy(prover).filter((lease) => !named.has(keyOf(lease)));
    return { lost, stale: this.renew(prover, heldAssignments) };
  }

  /** The jobs were read from the store: every live assignment has a lease, a fresh one where there was none. */
  reload(jobs: readonly JobState[]): void {
    const live = jobs.flatMap((job) =>
      [...job.assignments].filter(isLive).map((assignment) => ({ ...assignment, job: job.id })),
    );
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

function keyOf({ job, epoch }: AssignmentId): string {
  return `${job}#${epoch}`;
}
