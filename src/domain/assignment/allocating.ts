import type { Segment } from '../ids.js';
import type { Move } from './assignment-input.js';
import type { JobIndex } from './job-index.js';
import {
  inOrder,
  isAvailable,
  type AvailableProver,
  type ConnectedProver,
  type PooledProver,
  type ProverPool,
} from './prover-pool.js';

/** Provers that may own units, the least loaded on top. */
class LeastLoaded {
  private readonly heap: AvailableProver[] = [];

  constructor(
    provers: readonly AvailableProver[],
    private readonly mayOwn: (prover: AvailableProver) => boolean,
  ) {
    for (const prover of provers) this.push(prover);
  }

  get top(): AvailableProver | undefined {
    return this.heap[0];
  }

  /** The one on top has got a unit. */
  settle(): void {
    const top = this.heap[0];
    const last = this.heap.pop();
    if (!top || !last) return;
    if (this.heap.length > 0) {
      this.heap[0] = last;
      this.sink();
    }
    if (this.mayOwn(top)) this.push(top);
  }

  private push(prover: AvailableProver): void {
    const heap = this.heap;
    heap.push(prover);
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.swapIfBefore(at, parent)) return;
      at = parent;
    }
  }

  private sink(): void {
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const child = this.isBefore(left + 1, left) ? left + 1 : left;
      if (!this.swapIfBefore(child, at)) return;
      at = child;
    }
  }

  private swapIfBefore(a: number, b: number): boolean {
    const [x, y] = [this.heap[a], this.heap[b]];
    if (!x || !y || !this.isBefore(a, b)) return false;
    this.heap[a] = y;
    this.heap[b] = x;
    return true;
  }

  private isBefore(a: number, b: number): boolean {
    const [x, y] = [this.heap[a], this.heap[b]];
    if (!x || !y) return false;
    const byLoad = x.units / x.view.computeUnits - y.units / y.view.computeUnits;
    return byLoad === 0 ? x.order < y.order : byLoad < 0;
  }
}

/** A simulated partition is the first prover's. */
class FirstToArrive {
  constructor(
    private readonly provers: readonly AvailableProver[],
    private readonly mayOwn: (prover: AvailableProver) => boolean,
  ) {}

  get top(): AvailableProver | undefined {
    return this.provers.find(this.mayOwn);
  }

  settle(): void {
    // Whether it may own another unit is asked anew each time.
  }
}

/**
 * Gives every orphaned unit of a job with ready tasks to a prover with a unit to spare, the least loaded first. Units of
 * provers that are present stay where they are, so a unit moves only when its prover is gone, or may not do what is left.
 */
export function allocate(job: JobIndex, pool: ProverPool): Move[] {
  if (job.size === 0) return [];
  const units = unitsInQuestion(job);
  if (units.length === 0) return [];
  const before = job.allocation;
  let choice = choiceFor(job, pool);
  for (const unit of units) {
    const orphaned = job.orphanedUnits.has(unit);
    const from = choice.useful.top || !orphaned ? choice.useful : choice.others;
    const prover = from.top && (orphaned || isStuck(job, unit)) ? from.top : undefined;
    if (!prover) continue;
    job.giveUnit(unit, prover.id);
    if (orphaned) from.settle();
    // Somebody has lost the unit, who may own another now.
    else choice = choiceFor(job, pool);
  }
  return job.allocation === before ? [] : [{ job: job.id, command: { kind: 'allocate', allocation: job.allocation } }];
}

/** Who may own units, apart by whether there is a ready task that it may do. */
function choiceFor(job: JobIndex, pool: ProverPool) {
  const mayOwn = (prover: AvailableProver) =>
    job.unitsOf(prover.id) < prover.view.computeUnits && isFreeFor(job, prover);
  // Of those that have not changed, none could take a unit the last time either.
  const asked = job.changed ? pool.available() : inOrder([...pool.changed].filter(isAvailable));
  const candidates = asked.filter((prover) => mayWorkOn(job, prover) && mayOwn(prover));
  const isUseful = usefulTest(job);
  const Choice = job.job.request.simulatedNode === null ? LeastLoaded : FirstToArrive;
  const [useful, others] = [candidates.filter(isUseful), candidates.filter((prover) => !isUseful(prover))];
  return { useful: new Choice(useful, mayOwn), others: new Choice(others, mayOwn) };
}

/** Units without an owner, and those whose tasks somebody must not do. */
function unitsInQuestion(job: JobIndex): number[] {
  const doubtful = [...job.barred].map((segment) => job.unitOf(segment)).filter((unit) => job.isWanted(unit));
  return [...new Set([...job.orphanedUnits, ...doubtful])].sort((a, b) => a - b);
}

/** Everybody the job counts on is barred from what is left of the unit, so somebody else has to come in. */
function isStuck(job: JobIndex, unit: number): boolean {
  const owners = [...job.owners()].filter((owner) => !job.excludes(owner));
  let left = 0;
  for (const segment of job.readyOfUnit(unit)) {
    left += 1;
    if (owners.some((owner) => job.isOpenTo(segment, owner))) return false;
  }
  return left > 0;
}

/** Whether there is a ready task that the prover may do. */
function usefulTest(job: JobIndex): (prover: PooledProver) => boolean {
  if (job.barred.size < job.size) return () => true;
  const segments: Segment[] = [...job.barred];
  return ({ id }) => segments.some((segment) => job.isOpenTo(segment, id));
}

export function mayWorkOn(job: JobIndex, { id, view }: ConnectedProver): boolean {
  return !job.excludes(id) && view.mayTake(job.job);
}

/** A third-party worker works on one job at a time: until that has ended, others have to wait for it. */
export function isFreeFor(job: JobIndex, { id, view, jobs }: AvailableProver): boolean {
  if (view.protocol === 'extended') return true;
  for (const other of jobs) if (other !== job && !other.excludes(id)) return false;
  return true;
}
