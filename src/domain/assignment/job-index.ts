import { BOUNDARY, type Epoch, type JobId, type ProverId, type Segment } from '../ids.js';
import { isLive, type Assignment } from '../job/assignment.js';
import { openPhase } from '../job/assigning.js';
import type { JobState, Run } from '../job/job-state.js';
import type { Task, TaskKind } from '../job/task.js';
import { PersistentList } from '../persistent-list.js';
import { sizeClassOf, type JobRank } from './fair-order.js';
import { IndexSet } from './index-set.js';
import { keptByCoordinator, TaskLayout } from './task-layout.js';
import type { AssignmentOptions } from './options.js';
import type { AvailableProver, PooledProver, ProverPool } from './prover-pool.js';

const NO_TASKS: PersistentList<Task> = PersistentList.of([]);
const NOBODY: ReadonlySet<ProverId> = new Set();

/** What was assigned in this run of the policy and is not yet so in the job itself. */
interface Tentative {
  readonly prover: PooledProver;
  readonly slots: number;
}

/**
 * One running job as the policy knows it: kept from one state of the job to the next, at the price of what differs
 * between the two. Ready tasks are found by unit, in order, and among those that no owner will do.
 */
export class JobIndex implements JobRank {
  readonly id: JobId;
  readonly submittedAtMs: number;
  readonly priority: number;
  readonly sizeClass: number;
  attained = 0;
  phase: TaskKind | null = null;
  /** Slots that its assignments take, of all provers together. */
  used = 0;
  /** Units that are wanted and whose owner is not there. */
  readonly orphanedUnits = new Set<number>();
  /** Ready tasks that somebody must not do. */
  readonly barred = new Set<Segment>();
  /** Live assignments that take longer than usual, the slowest first. */
  late: readonly Epoch[] = [];
  /** Nothing was ready when the policy began to run: what takes long is assigned once more. */
  exhausted = false;
  /** Something may be assigned, or allocated, that could not before. */
  changed = true;
  readonly live = new Map<Epoch, Assignment>();
  private readonly units = new Map<ProverId, Set<number>>();
  private readonly slotsUsed = new Map<PooledProver, number>();
  private readonly tentative: Tentative[] = [];
  private readonly taken = new Set<Segment>();
  /** What the taken tasks have added to `attained`. */
  private ahead = 0;
  /** Assigned once more already, in this run of the policy. */
  readonly doubled = new Set<Segment>();
  private lateOwners: ReadonlySet<ProverId> = NOBODY;
  private excluded: ReadonlySet<ProverId> = NOBODY;
  private kept: ReadonlySet<Segment | null> = new Set();
  private unitOwners: readonly (ProverId | null)[] = [];
  /** By place in order, by place within units, and in order those that no owner will do. */
  private readyPlaces = new IndexSet(0);
  private byUnit = new IndexSet(0);
  private orphanedPlaces = new IndexSet(0);
  private layout: TaskLayout;

  constructor(
    public job: JobState,
    public run: Run,
    private readonly pool: ProverPool,
    private readonly options: AssignmentOptions,
    public lastServed: number,
  ) {
    this.id = job.id;
    this.submittedAtMs = job.submittedAtMs;
    this.priority = job.request.priority;
    this.sizeClass = sizeClassOf(run.plan.segments);
    this.layout = new TaskLayout(null, run);
    this.excluded = new Set(job.excluded);
    this.noteAssignments(PersistentList.of<Assignment>([]));
    this.countTasks(null);
    this.setAllocation(run.allocation);
    this.rebuild();
  }

  /** Unit -> prover, as it will be after the moves made so far. */
  get allocation(): readonly (ProverId | null)[] {
    return this.unitOwners;
  }

  /** Ready tasks. */
  get size(): number {
    return this.readyPlaces.size;
  }

  /** Takes in what has changed since the last state. */
  update(job: JobState, run: Run): void {
    const before = { job: this.job, run: this.run };
    [this.job, this.run] = [job, run];
    if (job.assignments !== before.job.assignments) this.noteAssignments(before.job.assignments);
    this.countTasks(before.run);
    if (job.excluded !== before.job.excluded) this.exclude(job.excluded);
    if (run.allocation !== this.unitOwners) this.setAllocation(run.allocation);
    const isOther = openPhase(run) !== this.phase || run.attempt !== before.run.attempt;
    if (isOther) this.rebuild();
    else this.refresh(before.run);
    this.rollBack();
    if (this.late.length > 0) this.changed = true;
  }

  /** The job is over, or not running: nobody has anything of it. */
  clear(): void {
    this.rollBack();
    this.setAllocation([]);
    for (const [prover, slots] of this.slotsUsed) this.pool.charge(prover, -slots);
  }

  // ---- what the policy asks ----

  excludes(prover: ProverId): boolean {
    return this.excluded.has(prover);
  }

  unitsOf(prover: ProverId): number {
    return this.units.get(prover)?.size ?? 0;
  }

  /** Provers that have units of the job. */
  owners(): IterableIterator<ProverId> {
    return this.units.keys();
  }

  usedBy(prover: PooledProver): number {
    return this.slotsUsed.get(prover) ?? 0;
  }

  /** Slots the job may still take on this prover; an aggregation on any, as nothing else is left to do then. */
  roomFor(prover: PooledProver): number {
    if (this.excludes(prover.id)) return 0;
    if (this.phase === 'aggregate') return this.unitOwners.length * this.options.slotsPerUnit - this.used;
    return this.unitsOf(prover.id) * this.options.slotsPerUnit - this.usedBy(prover);
  }

  get cost(): number {
    return this.phase === null ? 0 : this.options.cost[this.phase];
  }

  /** A simulated job has the tasks of one unit only. */
  isWanted(unit: number): boolean {
    return (this.job.request.simulatedNode ?? unit) === unit;
  }

  unitOf(segment: Segment): number {
    return segment % this.unitOwners.length;
  }

  task(segment: Segment): Task | undefined {
    if (this.phase === 'aggregate') return this.run.aggregate ?? undefined;
    return this.phase === null ? undefined : this.run[this.phase].at(segment);
  }

  isOpenTo(segment: Segment, prover: ProverId): boolean {
    return !this.barred.has(segment) || !(this.task(segment)?.barred.includes(prover) ?? true);
  }

  /** The first ready task of the prover's own units. */
  own(prover: ProverId): Segment | null {
    if (this.phase === 'aggregate') return null;
    let first = Infinity;
    for (const unit of this.units.get(prover) ?? []) {
      const [segment] = this.openInUnit(unit, prover);
      if (segment !== undefined) first = Math.min(first, this.layout.placeOf(segment));
    }
    return first === Infinity ? null : this.layout.segmentAt(first);
  }

  /** All ready tasks of the prover's own units, in order. */
  allOwn(prover: ProverId): Segment[] {
    if (this.phase === 'aggregate') return [];
    const units = [...(this.units.get(prover) ?? [])];
    const found = units.flatMap((unit) => [...this.openInUnit(unit, prover)]);
    return found.sort((a, b) => this.layout.placeOf(a) - this.layout.placeOf(b));
  }

  /** The first ready task that no owner will do. */
  orphaned(prover: ProverId): Segment | null {
    for (const place of this.orphanedPlaces.members()) {
      const segment = this.layout.segmentAt(place);
      if (this.isOpenTo(segment, prover)) return segment;
    }
    return null;
  }

  /** Of one unit, all ready tasks that no owner will do. */
  orphanedOfUnit(unit: number, prover: ProverId): Segment[] {
    const open = [...this.openInUnit(unit, prover)];
    return open.filter((segment) => this.orphanedPlaces.has(this.layout.placeOf(segment)));
  }

  /** From the far end, where the owner would come last; but the boundary only when nothing else is left. */
  stolen(prover: ProverId): Segment | null {
    for (let place = this.readyPlaces.last(); place >= 0; place = this.readyPlaces.last(place)) {
      const segment = this.layout.segmentAt(place);
      if (segment !== BOUNDARY && this.isOpenTo(segment, prover)) return segment;
    }
    return this.isReady(BOUNDARY) && this.isOpenTo(BOUNDARY, prover) ? BOUNDARY : null;
  }

  *ready(): Generator<Segment> {
    for (const place of this.readyPlaces.members()) yield this.layout.segmentAt(place);
  }

  *readyOfUnit(unit: number): Generator<Segment> {
    const { start, end } = this.layout.unit(unit);
    for (const place of this.byUnit.members(start, end)) yield this.layout.segmentOfUnit(unit, place);
  }

  // ---- what the policy does ----

  /** Assigns a ready task to the prover, for as long as the policy runs. */
  take(segment: Segment, prover: AvailableProver): void {
    this.taken.add(segment);
    this.place(segment);
    this.attained += this.cost;
    this.ahead += this.cost;
    this.chargeTentatively(prover);
  }

  /** A speculative assignment takes slots, but no task from the others. */
  double(segment: Segment, prover: AvailableProver): void {
    this.doubled.add(segment);
    this.chargeTentatively(prover);
  }

  /** What the job itself does not say is forgotten: moves that came to nothing leave their tasks ready. */
  rollBack(): void {
    if (this.unitOwners !== this.run.allocation) this.setAllocation(this.run.allocation);
    const taken = this.tentative.splice(0);
    for (const { prover, slots } of taken) this.charge(prover, -slots);
    this.attained -= this.ahead;
    this.ahead = 0;
    const segments = [...this.taken];
    this.taken.clear();
    this.doubled.clear();
    for (const segment of segments) if (segment < this.taskCount()) this.place(segment);
  }

  /** Gives a unit to a prover, for as long as the policy runs. */
  giveUnit(unit: number, to: ProverId): void {
    const from = this.unitOwners[unit] ?? null;
    const next = this.unitOwners === this.run.allocation ? [...this.unitOwners] : (this.unitOwners as ProverId[]);
    next[unit] = to;
    this.unitOwners = next;
    this.move(unit, from, to);
  }

  private setAllocation(next: readonly (ProverId | null)[]): void {
    const before = this.unitOwners;
    this.unitOwners = next;
    const units = Math.max(before.length, next.length);
    for (let unit = 0; unit < units; unit += 1) {
      const [from, to] = [before[unit] ?? null, next[unit] ?? null];
      if (from !== to) this.move(unit, from, to);
      else if (unit >= before.length) this.refreshUnit(unit);
    }
  }

  /** These assignments take longer than usual, the slowest first: their provers' tasks wait for nobody. */
  setLate(late: readonly Epoch[]): void {
    if (late.length === this.late.length && late.every((epoch, index) => epoch === this.late[index])) return;
    this.late = late;
    this.changed = true;
    const before = this.lateOwners;
    this.lateOwners = new Set(late.flatMap((epoch) => this.live.get(epoch)?.prover ?? []));
    for (const prover of new Set([...before, ...this.lateOwners])) this.ownerChanged(prover);
  }

  /** Whether the prover is there, or may work on the job, has changed. */
  ownerChanged(prover: ProverId): void {
    for (const unit of this.units.get(prover) ?? []) this.refreshUnit(unit);
  }

  // ---- keeping up ----

  private noteAssignments(before: PersistentList<Assignment>): void {
    for (const [, assignment] of this.job.assignments.changesSince(before)) {
      if (isLive(assignment)) this.live.set(assignment.epoch, assignment);
      else if (this.live.delete(assignment.epoch) && this.late.includes(assignment.epoch)) {
        this.setLate(this.late.filter((epoch) => epoch !== assignment.epoch));
      }
    }
  }

  private countTasks(before: Run | null): void {
    const isSame = before?.attempt === this.run.attempt;
    this.countList(before?.contribute ?? NO_TASKS, this.run.contribute);
    if (!isSame) for (const task of before?.prove ?? NO_TASKS) this.countTask(task, -1);
    this.countList(isSame ? (before?.prove ?? NO_TASKS) : NO_TASKS, this.run.prove);
    if (before?.aggregate === this.run.aggregate) return;
    if (before?.aggregate) this.countTask(before.aggregate, -1);
    if (this.run.aggregate) this.countTask(this.run.aggregate, 1);
  }

  private countList(before: PersistentList<Task>, after: PersistentList<Task>): void {
    for (const [, task, old] of after.changesSince(before)) {
      if (old) this.countTask(old, -1);
      this.countTask(task, 1);
    }
  }

  private countTask({ ref, state }: Task, times: 1 | -1): void {
    const slots = this.options.cost[ref.kind] * times;
    if (state.kind === 'DONE' || state.kind === 'ASSIGNED') this.attained += slots;
    if (state.kind !== 'ASSIGNED') return;
    this.chargeHolder(state.primary, slots);
    if (state.speculative !== null) this.chargeHolder(state.speculative, slots);
  }

  private chargeHolder(epoch: Epoch, slots: number): void {
    const assignment = this.job.assignments.at(epoch - 1);
    if (assignment) this.charge(this.pool.at(assignment.prover), slots);
  }

  private chargeTentatively(prover: AvailableProver): void {
    this.tentative.push({ prover, slots: this.cost });
    this.charge(prover, this.cost);
  }

  private charge(prover: PooledProver, slots: number): void {
    const used = this.usedBy(prover) + slots;
    if (used === 0) this.slotsUsed.delete(prover);
    else this.slotsUsed.set(prover, used);
    this.used += slots;
    this.pool.charge(prover, slots);
    if (slots < 0 && this.phase === 'aggregate') this.changed = true;
  }

  private exclude(excluded: readonly ProverId[]): void {
    const before = this.excluded;
    this.excluded = new Set(excluded);
    this.changed = true;
    for (const prover of excluded) {
      if (before.has(prover)) continue;
      this.ownerChanged(prover);
      this.pool.changed.add(this.pool.at(prover));
    }
  }

  private move(unit: number, from: ProverId | null, to: ProverId | null): void {
    this.changed = true;
    if (from !== null) this.loseUnit(unit, from);
    if (to !== null) {
      const prover = this.pool.at(to);
      const units = this.units.get(to) ?? new Set();
      this.units.set(to, units.add(unit));
      prover.units += 1;
      prover.jobs.add(this);
      this.pool.changed.add(prover);
    }
    this.refreshUnit(unit);
  }

  private loseUnit(unit: number, owner: ProverId): void {
    const prover = this.pool.at(owner);
    const units = this.units.get(owner);
    units?.delete(unit);
    prover.units -= 1;
    this.pool.noteLoss(prover);
    if (units?.size !== 0) return;
    this.units.delete(owner);
    prover.jobs.delete(this);
  }

  private isGone(owner: ProverId | null): boolean {
    return owner === null || !(this.pool.find(owner)?.present ?? false) || this.excluded.has(owner);
  }

  private refreshUnit(unit: number): void {
    const gone = unit < this.unitOwners.length && this.isGone(this.unitOwners[unit] ?? null);
    if (gone && this.isWanted(unit)) this.orphan(unit);
    else this.orphanedUnits.delete(unit);
    if (this.phase === 'aggregate') return;
    for (const segment of this.readyOfUnit(unit)) this.placeOrphan(segment);
  }

  private orphan(unit: number): void {
    if (!this.orphanedUnits.has(unit)) this.changed = true;
    this.orphanedUnits.add(unit);
  }

  private rebuild(): void {
    this.phase = openPhase(this.run);
    this.layout = new TaskLayout(this.phase, this.run);
    this.changed = true;
    const count = this.taskCount();
    this.readyPlaces = new IndexSet(count);
    this.byUnit = new IndexSet(count);
    this.orphanedPlaces = new IndexSet(count);
    this.barred.clear();
    this.kept = keptByCoordinator(this.run);
    for (let segment = 0; segment < count; segment += 1) this.place(segment as Segment);
  }

  private taskCount(): number {
    if (this.phase === 'aggregate') return 1;
    return this.phase === null ? 0 : this.run[this.phase].length;
  }

  private refresh(before: Run): void {
    const { run, phase } = this;
    if (phase === null) return;
    if (phase === 'aggregate') this.place(BOUNDARY);
    else for (const [segment] of run[phase].changesSince(before[phase])) this.place(segment as Segment);
    if (run.disputes === before.disputes && run.ownProofs === before.ownProofs) return;
    const kept = new Set(this.kept);
    this.kept = keptByCoordinator(run);
    for (const segment of new Set([...kept, ...this.kept])) if (segment !== null) this.place(segment);
  }

  /** Brings the sets in line with what one task is now. */
  private place(segment: Segment): void {
    const ready = this.isFree(segment);
    const place = this.layout.placeOf(segment);
    if (this.readyPlaces.set(place, ready) && ready) this.changed = true;
    if (this.phase !== 'aggregate') this.byUnit.set(this.layout.placeInUnits(segment), ready);
    if (ready && this.task(segment)?.barred.length) this.barred.add(segment);
    else this.barred.delete(segment);
    this.placeOrphan(segment);
  }

  private placeOrphan(segment: Segment): void {
    const orphaned = this.isReady(segment) && this.isOrphaned(segment);
    if (this.orphanedPlaces.set(this.layout.placeOf(segment), orphaned) && orphaned) this.changed = true;
  }

  /** Nobody who is there and on time will do it: no owner, or one that must not. */
  private isOrphaned(segment: Segment): boolean {
    if (this.phase === 'aggregate') return true;
    const owner = this.unitOwners[this.unitOf(segment)] ?? null;
    if (owner === null || this.isGone(owner) || this.lateOwners.has(owner)) return true;
    return !this.isOpenTo(segment, owner);
  }

  private isFree(segment: Segment): boolean {
    const isKept = this.phase !== 'aggregate' && this.kept.has(segment);
    return this.task(segment)?.state.kind === 'READY' && !isKept && !this.taken.has(segment);
  }

  private isReady(segment: Segment): boolean {
    return this.readyPlaces.has(this.layout.placeOf(segment));
  }

  private *openInUnit(unit: number, prover: ProverId): Generator<Segment> {
    for (const segment of this.readyOfUnit(unit)) if (this.isOpenTo(segment, prover)) yield segment;
  }
}
