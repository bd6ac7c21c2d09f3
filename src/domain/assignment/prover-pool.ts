import type { ProverId } from '../ids.js';
import type { AssignmentOptions } from './options.js';
import type { ProverView } from './assignment-input.js';
import type { JobIndex } from './job-index.js';

/** One prover as the policy knows it: also one that is gone, as long as jobs count on it. */
export class PooledProver {
  /** null while it may be given nothing. */
  view: ProverView | null = null;
  /** Arrival: smaller is earlier. */
  order = 0;
  /** It keeps the units that are allocated to it. */
  present = false;
  /** Slots that its assignments of all jobs take. */
  used = 0;
  /** Units of all jobs that are allocated to it. */
  units = 0;
  /** Turns in which it took something. */
  turns = 0;
  /** Jobs that have allocated units to it. */
  readonly jobs = new Set<JobIndex>();

  constructor(readonly id: ProverId) {}
}

export interface ConnectedProver extends PooledProver {
  view: ProverView;
}

/** A prover that may be given something now. */
export type AvailableProver = ConnectedProver & { view: { readonly resting: false } };

export function isAvailable(prover: PooledProver): prover is AvailableProver {
  return prover.view?.resting === false;
}

/** All provers, how much each has to do, and which of them changed since they were last looked at. */
export class ProverPool {
  private readonly provers = new Map<ProverId, PooledProver>();
  private readonly availableProvers = new Set<AvailableProver>();
  private readonly restingProvers = new Set<ConnectedProver>();
  /** Those that may take something now that they could not take before. */
  readonly changed = new Set<PooledProver>();
  /** Those that lost a unit, and may take another of a job that was looked at before. */
  private readonly losers = new Set<PooledProver>();

  constructor(private readonly options: AssignmentOptions) {}

  /** Those that may be given something now, in order of arrival. */
  available(): AvailableProver[] {
    return inOrder([...this.availableProvers]);
  }

  anyAvailable(test: (prover: AvailableProver) => boolean): boolean {
    return some(this.availableProvers, test);
  }

  anyResting(test: (prover: ConnectedProver) => boolean): boolean {
    return some(this.restingProvers, test);
  }

  /** Those of them that have a slot to spare; in no order. */
  *withRoom(): Generator<AvailableProver> {
    for (const prover of this.availableProvers) if (this.freeOf(prover) > 0) yield prover;
  }

  at(id: ProverId): PooledProver {
    const known = this.provers.get(id);
    if (known) return known;
    const prover = new PooledProver(id);
    this.provers.set(id, prover);
    return prover;
  }

  find(id: ProverId): PooledProver | undefined {
    return this.provers.get(id);
  }

  setView(prover: PooledProver, view: ProverView | null, order: number): void {
    prover.view = view;
    prover.order = order;
    this.changed.add(prover);
    this.availableProvers.delete(prover as AvailableProver);
    this.restingProvers.delete(prover as ConnectedProver);
    if (isAvailable(prover)) this.availableProvers.add(prover);
    else if (view) this.restingProvers.add(prover as ConnectedProver);
  }

  noteLoss(prover: PooledProver): void {
    this.changed.add(prover);
    this.losers.add(prover);
  }

  /** All have been looked at; those that lost a unit meanwhile are to be once more. */
  lookedAt(): void {
    this.changed.clear();
    for (const prover of this.losers) this.changed.add(prover);
    this.losers.clear();
  }

  /** Forgets a prover that nobody counts on. */
  release(prover: PooledProver): void {
    const isNeeded = prover.view !== null || prover.present || prover.used > 0 || prover.units > 0;
    if (!isNeeded) this.provers.delete(prover.id);
  }

  /** The prover has so many slots more to do, or less. */
  charge(prover: PooledProver, slots: number): void {
    prover.used += slots;
    if (slots < 0) this.changed.add(prover);
  }

  freeOf({ used, view }: AvailableProver): number {
    return view.computeUnits * this.options.slotsPerUnit - used;
  }

  /** A compute unit of the prover has nothing to do. */
  isIdle({ used, view }: AvailableProver): boolean {
    return used < view.computeUnits * this.options.runningSlots;
  }
}

function some<T>(items: Iterable<T>, test: (item: T) => boolean): boolean {
  for (const item of items) if (test(item)) return true;
  return false;
}

export function inOrder<T extends PooledProver>(provers: T[]): T[] {
  return provers.sort((a, b) => a.order - b.order);
}
