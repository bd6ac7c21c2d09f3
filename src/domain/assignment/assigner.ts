import type { JobId, ProverId, Segment } from '../ids.js';
import { proofsOf } from '../job/assignment-content.js';
import type { JobState } from '../job/job-state.js';
import { allocate, isFreeFor, mayWorkOn } from './allocating.js';
import { AssignmentBuilder } from './assignment-builder.js';
import type { AssignmentTimes, Move, ProverView } from './assignment-input.js';
import { byAge, fairOrder } from './fair-order.js';
import { JobIndex } from './job-index.js';
import { isOverdue, lateAssignments } from './lateness.js';
import type { AssignmentOptions } from './options.js';
import { straggler } from './stragglers.js';
import {
  inOrder,
  isAvailable,
  ProverPool,
  type AvailableProver,
  type ConnectedProver,
  type PooledProver,
} from './prover-pool.js';

/**
 * First whoever has an idle unit gets something to do, then everybody the next piece besides, and last whoever is still
 * idle takes what its owner has no room for.
 */
const PASSES = ['running', 'next', 'stolen'] as const;
type Pass = (typeof PASSES)[number];

/** Provers that are given work in one turn of the event loop: with thousands of them others have their turn between. */
const TURNS_AT_ONCE = 128;

/**
 * Who works on what next. It keeps what it knows of jobs and provers, so that a change costs what the change is worth,
 * however many jobs, segments and provers there are. It knows no clock and no randomness: the same history gives the same
 * moves. Moves are proposals; each is checked again by `decide`.
 */
export class Assigner {
  private readonly jobs = new Map<JobId, JobIndex>();
  private readonly pool: ProverPool;
  /** Jobs that are to be aggregated: any prover may do it. */
  private aggregating: readonly JobIndex[] = [];
  /** Turns in which any prover took something. */
  private turns = 0;
  private hasMore = false;

  constructor(private readonly options: AssignmentOptions) {
    this.pool = new ProverPool(options);
  }

  /** A job has changed, or come, or ended. */
  setJob(job: JobState): void {
    const known = this.jobs.get(job.id);
    if (job.status.kind !== 'RUNNING' || !job.run) return this.forgetJob(job.id);
    if (known) known.update(job, job.run);
    else this.jobs.set(job.id, new JobIndex(job, job.run, this.pool, this.options, this.turns));
  }

  forgetJob(id: JobId): void {
    const known = this.jobs.get(id);
    if (!known) return;
    const owners = [...known.owners()].map((owner) => this.pool.at(owner));
    this.jobs.delete(id);
    known.clear();
    for (const prover of owners) this.pool.release(prover);
  }

  /** Everything that is known of jobs is forgotten. */
  forgetJobs(): void {
    for (const id of this.jobs.keys()) this.forgetJob(id);
  }

  /**
   * A prover has changed, come or gone.
   *
   * @param view null while it may be given nothing
   * @param present whether units that are allocated to it stay so
   * @param order of arrival
   */
  setProver(id: ProverId, view: ProverView | null, present: boolean, order: number): void {
    const prover = this.pool.at(id);
    const { view: known } = prover;
    const isSame = known?.computeUnits === view?.computeUnits && known?.mayTake === view?.mayTake;
    if (!isSame || known?.resting !== view?.resting || prover.order !== order) this.pool.setView(prover, view, order);
    if (prover.present !== present) {
      prover.present = present;
      for (const job of prover.jobs) job.ownerChanged(id);
    }
    if (view === null && !present) prover.turns = 0;
    this.pool.release(prover);
  }

  /** What a prover may do is to be asked anew: it has room again, or whether it can read an input may have changed. */
  reconsider(id: ProverId): void {
    const prover = this.pool.find(id);
    if (!prover?.view) return;
    this.pool.changed.add(prover);
  }

  /** Whether the last call left work to the next one. */
  get isBehind(): boolean {
    return this.hasMore;
  }

  /**
   * What is to be assigned now. Callers make the moves, and tell what became of the jobs.
   *
   * @param most provers' turns in this call: with thousands of idle provers the first moves go out while others are
   *   still being found
   */
  assign(most = TURNS_AT_ONCE): Move[] {
    const lastTurn = this.turns + most;
    // Of the moves made last time, those that came to nothing are not so.
    for (const job of this.jobs.values()) job.rollBack();
    const jobs = this.jobsInQuestion();
    this.aggregating = [...this.jobs.values()].filter(({ phase }) => phase === 'aggregate');
    for (const job of jobs) job.exhausted = job.size === 0;
    const moves = [
      ...jobs.flatMap((job) => this.leaveToCoordinator(job)),
      ...jobs.flatMap((job) => allocate(job, this.pool)),
      ...this.assignTasks(jobs, lastTurn),
    ];
    this.hasMore = this.turns >= lastTurn;
    // Else everything that was in question stays so.
    if (!this.hasMore) {
      for (const job of jobs) job.changed = false;
      this.pool.lookedAt();
    }
    return moves;
  }

  /** Looks at what takes long. The moves end assignments of provers that hold up a job; `assign` sees what is late. */
  checkTimes(times: AssignmentTimes): Move[] {
    return [...this.jobs.values()].sort(byAge).flatMap((job) => {
      job.rollBack();
      const late = lateAssignments(job.id, job.phase, job.live.values(), times, this.options);
      job.setLate(late.map(({ epoch }) => epoch));
      return [...job.live.values()]
        .filter(
          (assignment) => isOverdue(job.id, assignment, times, this.options) && this.isAnyIdle(job, assignment.prover),
        )
        .map((assignment) => ({
          job: job.id,
          command: { kind: 'end_assignment', epoch: assignment.epoch, cause: 'overdue', countsAsLoss: false } as const,
        }));
    });
  }

  private isAnyIdle(job: JobIndex, besides: ProverId): boolean {
    return this.pool.anyAvailable(
      (prover) => prover.id !== besides && mayWorkOn(job, prover) && this.pool.isIdle(prover),
    );
  }

  /** Jobs that may get something, the oldest first. */
  private jobsInQuestion(): JobIndex[] {
    const { changed } = this.pool;
    const jobs = new Set<JobIndex>();
    for (const prover of changed) for (const job of prover.jobs) jobs.add(job);
    for (const job of this.jobs.values()) {
      // Rare, and who may do what is left depends on everything: such a job is looked at anew each time.
      if (job.size > 0 && (job.barred.size > 0 || job.phase === 'aggregate')) job.changed = true;
      if (job.changed || (job.orphanedUnits.size > 0 && changed.size > 0)) jobs.add(job);
    }
    return [...jobs].sort(byAge);
  }

  /**
   * What no connected prover can do falls to the coordinator. Those that rest count where there are no others: a task that
   * all of them failed at need not wait for them.
   */
  private leaveToCoordinator(job: JobIndex): Move[] {
    if (job.phase !== 'aggregate' && job.barred.size === 0) return [];
    const isAble = (prover: ConnectedProver) => mayWorkOn(job, prover);
    const areResting = !this.pool.anyAvailable(isAble);
    if (areResting && !this.pool.anyResting(isAble)) return [];
    const any = (can: (prover: ConnectedProver) => boolean) => {
      const test = (prover: ConnectedProver) => isAble(prover) && can(prover);
      return areResting ? this.pool.anyResting(test) : this.pool.anyAvailable(test);
    };
    if (job.phase === 'aggregate' && job.size > 0 && !any((prover) => this.canAggregate(job, prover))) {
      return [{ job: job.id, command: { kind: 'aggregate_locally' } }];
    }
    return [...job.ready()]
      .filter((segment) => job.barred.has(segment))
      .filter((segment) => !any(({ id }) => job.isOpenTo(segment, id)))
      .flatMap((segment) => job.task(segment) ?? [])
      .map(({ ref }) => ({ job: job.id, command: { kind: 'take_over', task: ref } }));
  }

  private assignTasks(jobs: readonly JobIndex[], lastTurn: number): Move[] {
    const builder = new AssignmentBuilder(this.options.leaseMs);
    const candidates = this.candidates(jobs);
    for (const pass of PASSES) {
      let taking = candidates;
      while (taking.length > 0) {
        taking = taking.filter((prover) => this.turns < lastTurn && this.takeTurn(prover, pass, builder));
      }
    }
    return builder.moves();
  }

  /** Provers that may take something now that they could not take before, in order of arrival. */
  private candidates(jobs: readonly JobIndex[]): AvailableProver[] {
    const provers = new Set<PooledProver>(this.pool.changed);
    for (const job of jobs) {
      if (!job.changed || (job.size === 0 && job.late.length === 0)) continue;
      if (job.phase === 'aggregate') for (const prover of this.pool.withRoom()) provers.add(prover);
      else for (const owner of job.owners()) provers.add(this.pool.at(owner));
    }
    return inOrder([...provers].filter(isAvailable).filter(({ view }) => view.hasRoom()));
  }

  private takeTurn(prover: AvailableProver, pass: Pass, builder: AssignmentBuilder): boolean {
    if (!this.hasTurn(prover, pass)) return false;
    const isThirdParty = prover.view.protocol === 'baseline';
    for (const job of this.jobsFor(prover)) {
      const took = isThirdParty ? this.takePartition(prover, job, builder) : this.takeChunk(prover, job, pass, builder);
      // Smaller tasks of others would take the room again and again before there is enough of it.
      if (!took && !isThirdParty && this.waitsForRoom(prover, job)) return false;
      if (!took) continue;
      this.turns += 1;
      job.lastServed = this.turns;
      prover.turns += 1;
      return true;
    }
    return false;
  }

  private hasTurn(prover: AvailableProver, pass: Pass): boolean {
    if (prover.view.protocol === 'baseline') return pass === 'running' && prover.used === 0;
    return pass === 'next' ? this.pool.freeOf(prover) > 0 : this.pool.isIdle(prover);
  }

  /** Jobs that may have something for the prover, in the order in which it should serve them. */
  private jobsFor(prover: PooledProver): JobIndex[] {
    const others = this.aggregating.filter((job) => !prover.jobs.has(job));
    const jobs = [...prover.jobs, ...others].filter((job) => job.size > 0 || job.late.length > 0);
    return jobs.sort(fairOrder(prover.turns, this.options));
  }

  /** Up to a running unit's worth of one job. */
  private takeChunk(prover: AvailableProver, job: JobIndex, pass: Pass, builder: AssignmentBuilder): boolean {
    let slots = 0;
    while (slots < this.options.runningSlots && this.fits(job, prover)) {
      if (!this.takeTask(prover, job, pass, builder)) break;
      slots += job.cost;
    }
    return slots > 0;
  }

  private fits(job: JobIndex, prover: AvailableProver): boolean {
    return job.phase !== null && job.cost <= this.pool.freeOf(prover) && job.cost <= job.roomFor(prover);
  }

  /** Whether the prover is to do something of the job as soon as it has the room. */
  private waitsForRoom(prover: AvailableProver, job: JobIndex): boolean {
    const hasOwnRoom = job.phase !== null && job.cost <= job.roomFor(prover);
    if (!hasOwnRoom || job.cost <= this.pool.freeOf(prover)) return false;
    return (job.own(prover.id) ?? job.orphaned(prover.id)) !== null;
  }

  private takeTask(prover: AvailableProver, job: JobIndex, pass: Pass, builder: AssignmentBuilder): boolean {
    const { id } = prover;
    if (pass === 'stolen' && !this.pool.isIdle(prover)) return false;
    const segment = pass === 'stolen' ? job.stolen(id) : (job.own(id) ?? job.orphaned(id));
    if (segment !== null) {
      this.take(prover, job, segment, builder);
      return true;
    }
    const slow = pass === 'stolen' ? null : straggler(job, id);
    const task = slow === null ? undefined : job.task(slow);
    if (slow === null || !task) return false;
    job.double(slow, prover);
    builder.addSpeculative(job, id, task.ref);
    return true;
  }

  private take(prover: AvailableProver, job: JobIndex, segment: Segment, builder: AssignmentBuilder): void {
    const task = job.task(segment);
    if (!task) return;
    job.take(segment, prover);
    builder.add(job, prover.id, task.ref);
  }

  /**
   * A third-party worker holds one assignment at a time, and each is a whole partition: everything that is to be
   * done now of the units it owns, then of one unit that no owner will do.
   */
  private takePartition(prover: AvailableProver, job: JobIndex, builder: AssignmentBuilder): boolean {
    const mayTurnTo = job.unitsOf(prover.id) > 0 && mayWorkOn(job, prover) && isFreeFor(job, prover);
    const segments = mayTurnTo ? this.partition(prover, job) : [];
    for (const segment of segments) this.take(prover, job, segment, builder);
    return segments.length > 0;
  }

  private partition(prover: AvailableProver, job: JobIndex): Segment[] {
    if (job.phase === 'aggregate') {
      const mayTake = this.isLeftToThirdParties(job) && this.canAggregate(job, prover);
      return mayTake ? [...job.ready()].filter((segment) => job.isOpenTo(segment, prover.id)) : [];
    }
    const own = job.allOwn(prover.id);
    if (own.length > 0) return own;
    const first = job.orphaned(prover.id);
    return first === null ? [] : job.orphanedOfUnit(job.unitOf(first), prover.id);
  }

  private isLeftToThirdParties(job: JobIndex): boolean {
    return !this.pool.anyAvailable((prover) => prover.view.protocol === 'extended' && mayWorkOn(job, prover));
  }

  /** A third-party worker aggregates only where it has a unit, and if it can send the result. */
  private canAggregate(job: JobIndex, { id, view }: ConnectedProver): boolean {
    if (view.protocol === 'extended') return true;
    // The final proof is about as large as all segment proofs.
    const bytes = proofsOf(job.run).reduce((sum, { size }) => sum + size, 0);
    return job.unitsOf(id) > 0 && bytes <= this.options.publishedProofBytes;
  }
}
