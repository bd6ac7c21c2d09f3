import type { Epoch, JobId, ProverId } from '../ids.js';

/** Names an assignment across jobs. */
export interface AssignmentId {
  readonly job: JobId;
  readonly epoch: Epoch;
}

export interface Lease extends AssignmentId {
  readonly prover: ProverId;
  readonly leaseMs: number;
  /** When the assignment was sent, or its latest result came: what its slowness is measured from. */
  readonly lastResultMs: number;
  readonly untilMs: number;
  /** Until when delivery must be confirmed; null once it is. */
  readonly acknowledgeByMs: number | null;
}

/** A lease that ran out, and what that says of the prover. */
export interface DueLease extends AssignmentId {
  readonly cause: 'unacknowledged' | 'lease_expired';
}

/**
 * The deadlines of all live assignments, on the monotonic clock. Kept in memory only: the store keeps the assignment and its
 * duration, and a coordinator that starts gives every live assignment a fresh lease.
 */
export class LeaseTable {
  private readonly leases = new Map<string, Lease>();
  private readonly byProver = new Map<ProverId, Set<string>>();

  get size(): number {
    return this.leases.size;
  }

  add(lease: Lease): void {
    const key = keyOf(lease);
    this.leases.set(key, lease);
    const keys = this.byProver.get(lease.prover) ?? new Set();
    this.byProver.set(lease.prover, keys.add(key));
  }

  get(assignment: AssignmentId): Lease | undefined {
    return this.leases.get(keyOf(assignment));
  }

  remove(assignment: AssignmentId): void {
    const key = keyOf(assignment);
    const lease = this.leases.get(key);
    if (!lease) return;
    this.leases.delete(key);
    const keys = this.byProver.get(lease.prover);
    keys?.delete(key);
    if (keys?.size === 0) this.byProver.delete(lease.prover);
  }

  /** The prover says it works on the assignment: the lease starts anew. A lease never becomes shorter. */
  renew(assignment: AssignmentId, prover: ProverId, nowMs: number): void {
    const lease = this.get(assignment);
    if (lease?.prover !== prover) return;
    this.replace({ ...lease, acknowledgeByMs: null, untilMs: Math.max(lease.untilMs, nowMs + lease.leaseMs) });
  }

  /** A result came: returns how long it took since the one before, in milliseconds. */
  resultCame(assignment: AssignmentId, nowMs: number): number | null {
    const lease = this.get(assignment);
    if (!lease) return null;
    this.replace({ ...lease, lastResultMs: nowMs });
    return nowMs - lease.lastResultMs;
  }

  heldBy(prover: ProverId): Lease[] {
    const keys = this.byProver.get(prover) ?? [];
    return [...keys].flatMap((key) => this.leases.get(key) ?? []);
  }

  /** Provers that hold something. */
  holders(): ProverId[] {
    return [...this.byProver.keys()];
  }

  all(): Lease[] {
    return [...this.leases.values()];
  }

  /** Every lease that has run out by now; they stay until they are removed. */
  due(nowMs: number): DueLease[] {
    const due: DueLease[] = [];
    for (const { job, epoch, untilMs, acknowledgeByMs } of this.leases.values()) {
      if (acknowledgeByMs !== null && acknowledgeByMs <= nowMs) due.push({ job, epoch, cause: 'unacknowledged' });
      else if (untilMs <= nowMs) due.push({ job, epoch, cause: 'lease_expired' });
    }
    return due;
  }

  private replace(lease: Lease): void {
    this.leases.set(keyOf(lease), lease);
  }
}

function keyOf({ job, epoch }: AssignmentId): string {
  return `${job}#${epoch}`;
}
