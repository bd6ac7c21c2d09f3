import { Assigner } from '../../domain/assignment/assigner.js';
import type { Move, ProverView } from '../../domain/assignment/assignment-input.js';
import { assertNever } from '../../domain/assert-never.js';
import type { JobId, ProverId, SessionId } from '../../domain/ids.js';
import type { JobCommand } from '../../domain/job/command.js';
import type { Decision } from '../../domain/job/decision.js';
import type { AssignmentContent, Effect } from '../../domain/job/effect.js';
import type { AssignmentEnd } from '../../domain/job/assignment.js';
import type { JobState } from '../../domain/job/job-state.js';
import type { TaskKind } from '../../domain/job/task.js';
import type { AssignmentId, Lease } from '../../domain/session/lease-table.js';
import { isConnected, type ProverDescription, type Session } from '../../domain/session/session.js';
import type { Clock } from '../../lifecycle/clock.js';
import type { CancelTimer, Timers } from '../../lifecycle/timers.js';
import type { Decided } from '../jobs/commit-batch.js';
import type { Defer } from '../jobs/defer.js';
import type { JobCommandBus } from '../jobs/job-command-bus.js';
import type { QuarantineEntry, TaskStore } from '../store/task-store.js';
import { ProverRegistry, type RegisteredProver } from './prover-registry.js';
import { ExhaustedJobs, obstacleOf } from './exhausted-jobs.js';
import { FruitlessProvers } from './fruitless.js';
import { LeaseKeeper } from './lease-keeper.js';
import type { Attached, HeldAssignments } from './held-assignments.js';
import type { ProverEvent, Quarantined } from './prover-event.js';
import type { ProverChannel } from './prover-channel.js';
import type { SchedulerOptions } from './scheduler.options.js';

export interface SchedulerParts {
  readonly bus: JobCommandBus;
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly defer: Defer;
  readonly options: SchedulerOptions;
}

/**
 * Brings work and provers together: keeps sessions and leases, asks the policy whom to assign what, and carries out the
 * effects that concern provers. It changes jobs by commands only, and decides nothing that `decide` does not check.
 */
export class TaskScheduler {
  private readonly registry: ProverRegistry;
  private readonly assignments: LeaseKeeper;
  private readonly quarantined = new Map<ProverId, Quarantined>();
  /** Provers that are asked to leave, and provers whose connection is lost with the reason. */
  private readonly leaving = new Set<ProverId>();
  private readonly losses = new Map<ProverId, string>();
  private readonly listeners: ((event: ProverEvent) => void)[] = [];
  /** Provers that could not be sent an assignment, and until when they are given no other. */
  private readonly heldBack = new Map<ProverId, number>();
  private readonly fruitless = new FruitlessProvers();
  private readonly assigner: Assigner;
  /** What changed since the policy was last asked. */
  private readonly changedJobs = new Set<JobId>();
  private readonly changedProvers = new Set<ProverId>();
  private readonly exhausted: ExhaustedJobs;
  private sweeping: CancelTimer | null = null;
  private isAssigning = false;
  private readonly woken = new Set<ProverId>();
  private draining = false;

  constructor(private readonly parts: SchedulerParts) {
    this.registry = new ProverRegistry(parts.clock, parts.options.session);
    this.assignments = new LeaseKeeper(parts.clock, parts.options.acknowledgeMs);
    this.assigner = new Assigner(parts.options.assignment);
    this.exhausted = new ExhaustedJobs(parts.clock, parts.options.proverWaitMs);
    parts.bus.listen({
      decided: (decision) => this.noteDecided(decision),
      beforeCommit: () => this.assign(),
      committed: (decided) => this.committed(decided),
      reloaded: (jobs) => this.reloaded(jobs),
    });
  }

  /** Who is told what happens to provers. */
  listen(listener: (event: ProverEvent) => void): void {
    this.listeners.push(listener);
  }

  /** Call before the bus is started. @throws StoreError when the store cannot be read. */
  async start(): Promise<void> {
    for (const { prover, cause, reason } of await this.parts.store.quarantines()) {
      this.quarantined.set(prover, { cause, reason });
    }
    this.sweeping = this.parts.timers.every(this.parts.options.sweepMs, () => this.sweep());
  }

  stop(): void {
    this.sweeping?.();
    this.draining = true;
  }

  /** No new assignments to anybody: what runs may finish. */
  stopAssigning(): void {
    this.draining = true;
  }

  /** A prover has connected. An older connection of the same prover is closed. */
  attach(id: SessionId, description: ProverDescription, channel: ProverChannel, own: HeldAssignments | null): Attached {
    const { prover } = description;
    const older = this.registry.attach(id, description, channel);
    if (older && isConnected(older.session)) {
      this.tell({ type: 'replaced', prover });
      older.channel.close('replaced', `${prover} has connected again`);
    }
    const quarantined = this.quarantineOf(prover);
    this.tell({ type: 'registered', description, quarantined });
    const abandon = own ? this.reconcile(id, own) : [];
    this.forgetLoss(prover);
    this.showBusy(prover);
    // One that only lost its connection while it was leaving is still to leave; a new process would only come again.
    const goesOn = quarantined?.cause === 'drain' && this.assignments.leases.heldBy(prover).length > 0;
    if (goesOn) this.drain(prover, quarantined.reason);
    this.wake(prover);
    return { abandon, quarantined };
  }

  /**
   * Compares what a prover holds with what it was assigned: what it does not hold is given to others; returns what it
   * holds and should abandon. An assignment that a process of before took down with it counts as a loss of the prover; one
   * that the same process does not have never arrived.
   */
  reconcile(id: SessionId, { assignments: heldAssignments, restarted }: HeldAssignments): readonly AssignmentId[] {
    const registered = this.registry.of(id);
    if (!registered) return [];
    const { lost, stale } = this.assignments.reconcile(registered.session.prover, heldAssignments);
    for (const lease of lost) this.end(lease, 'not_held', restarted);
    return stale;
  }

  /** The connection of a session is lost or closed. A session that was replaced is nobody's any more. */
  detach(id: SessionId, reason: string): void {
    const registered = this.registry.of(id);
    if (registered && isConnected(registered.session)) this.disconnected(registered, reason);
    this.registry.detach(id);
    if (registered) this.wake(registered.session.prover);
  }

  /**
   * Something came from the prover. What it holds is renewed, and has arrived; null, from workers that do not say, renews
   * all. Returns the assignments to abandon.
   */
  heard(id: SessionId, heldAssignments: readonly AssignmentId[] | null = []): readonly AssignmentId[] {
    const registered = this.registry.of(id);
    if (!registered) return [];
    if (this.registry.heard(id)) this.wake(registered.session.prover);
    const { prover } = registered.session;
    if (heldAssignments !== null) return this.assignments.renew(prover, heldAssignments);
    this.assignments.renewAll(prover);
    return [];
  }

  /** The prover's connection has room again, or something else changed that the policy should look at. */
  wake(prover: ProverId): void {
    this.changedProvers.add(prover);
    this.woken.add(prover);
    this.assignSoon();
  }

  private assignSoon(): void {
    if (this.isAssigning) return;
    this.isAssigning = true;
    this.parts.defer.run(() => {
      this.isAssigning = false;
      this.assign();
    });
  }

  /** Live assignments of the prover as they would be sent now: what a new stream of an old session begins with. */
  openAssignments(prover: ProverId): AssignmentContent[] {
    return this.assignments.openOf(prover, this.parts.bus);
  }

  /** Gives a prover nothing new and asks it to leave when it is done. False when it is not there. */
  drain(prover: ProverId, reason: string): boolean {
    if (!this.registry.drain(prover)) return false;
    this.tell({ type: 'draining', prover, reason });
    this.leaving.add(prover);
    this.registry.find(prover)?.channel.drain(reason);
    this.wake(prover);
    return true;
  }

  /** Every prover that is or lately was connected, in order of arrival. */
  sessions(): Session[] {
    return this.registry.all().map(({ session }) => session);
  }

  /** Those whose connection stands, in order of arrival. */
  connected(): Session[] {
    return this.sessions().filter(isConnected);
  }

  session(prover: ProverId): Session | undefined {
    return this.registry.find(prover)?.session;
  }

  /** False while nothing new can be sent to a prover. */
  canBeTold(prover: ProverId): boolean {
    return this.registry.find(prover)?.channel.hasRoom() ?? true;
  }

  /** What the prover works on: the phase of its latest assignment. */
  phaseOf(prover: ProverId): TaskKind | undefined {
    const lease = this.assignments.leases.heldBy(prover).at(-1);
    return lease && this.parts.bus.findCommitted(lease.job)?.assignments.at(lease.epoch - 1)?.phase;
  }

  /** Why nobody can be given work of a job now; null where somebody can, or is only busy or silent. */
  obstacle({ id, excluded }: Pick<JobState, 'id' | 'excluded'>): string | null {
    const isExcluded = (prover: ProverId) => this.quarantined.has(prover) || excluded.includes(prover);
    return this.exhausted.explain(id, obstacleOf(this.registry.connected(), isExcluded));
  }

  /**
   * Drains a prover for good: one that comes back, or comes only then, gets nothing until it is released. False when it
   * is not there to be told.
   * @throws DomainError SYSTEM_UNAVAILABLE.
   */
  async sendHome(prover: ProverId, reason: string): Promise<boolean> {
    if (!this.quarantined.has(prover)) {
      const cause = 'drain';
      const sinceMs = this.parts.clock.wallMs();
      await this.parts.bus.changeQuarantine([{ prover, cause, reason, job: null, sinceMs }], []);
      this.quarantined.set(prover, { cause, reason });
      this.wake(prover);
    }
    return this.drain(prover, reason);
  }

  /** Why a prover gets no work until it is released; null where it may. */
  quarantineOf(prover: ProverId): Quarantined | null {
    return this.quarantined.get(prover) ?? null;
  }

  /** Quarantines a prover by an operator's word. @throws DomainError SYSTEM_UNAVAILABLE. */
  async quarantine(entry: QuarantineEntry): Promise<void> {
    await this.parts.bus.changeQuarantine([entry], []);
    this.applyQuarantine(entry.prover, entry.reason, entry.job);
  }

  /** Passes on what happened to a prover. */
  tell(event: ProverEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  /** Lets a prover work again, in jobs that have not quarantined it. @throws DomainError SYSTEM_UNAVAILABLE. */
  async release(prover: ProverId): Promise<boolean> {
    await this.parts.bus.changeQuarantine([], [prover]);
    const known = this.quarantined.delete(prover);
    if (known) this.tell({ type: 'released', prover });
    this.wake(prover);
    return known;
  }

  private assign(): void {
    if (this.draining || !this.parts.bus.isReady) return;
    this.catchUp();
    this.make(this.assigner.assign());
    if (this.assigner.isBehind) this.assignSoon();
  }

  /** What has changed since the policy was last asked is told to it. */
  private catchUp(): void {
    for (const id of this.changedJobs) {
      const job = this.parts.bus.find(id);
      if (job) this.assigner.setJob(job);
      else this.assigner.forgetJob(id);
    }
    for (const prover of this.changedProvers) this.tellProver(prover);
    this.changedJobs.clear();
    this.changedProvers.clear();
  }

  private tellProver(prover: ProverId): void {
    const registered = this.registry.find(prover);
    const keeps = this.keepsUnits(prover, registered);
    this.assigner.setProver(prover, this.viewOf(registered), keeps, registered?.session.generation ?? 0);
    // Whether a third-party worker can take a job depends on what it was sent, and when.
    const isThirdParty = registered?.session.protocol === 'baseline';
    if (this.woken.delete(prover) || isThirdParty) this.assigner.reconsider(prover);
  }

  /** null for a prover that may be given nothing now. */
  private viewOf(registered: RegisteredProver | undefined): ProverView | null {
    if (!registered || !this.registry.isSchedulable(registered)) return null;
    const { prover, computeUnits, protocol } = registered.session;
    if (this.quarantined.has(prover) || this.heldBack.has(prover)) return null;
    const resting = this.fruitless.isResting(prover, this.parts.clock.attentiveMs());
    const { accepts: mayTake, hasRoom } = registered.channel;
    return { prover, computeUnits, protocol, resting, mayTake, hasRoom };
  }

  /** Units are kept for provers that are there, or about to be back; not for one whose work comes to nothing, if others come. */
  private keepsUnits(prover: ProverId, registered: RegisteredProver | undefined): boolean {
    if (!registered) return this.assignments.leases.heldBy(prover).length > 0;
    if (this.fruitless.isResting(prover, this.parts.clock.attentiveMs())) return false;
    return registered.session.state.kind !== 'DRAINING' && !this.quarantined.has(prover);
  }

  private make(moves: readonly Move[]): void {
    for (const { job, command } of moves) this.apply(job, command);
  }

  /** Time passes for provers and for what they hold; the policy itself knows no clock. */
  private checkTimes(): void {
    for (const { session } of this.registry.all()) this.changedProvers.add(session.prover);
    if (this.draining) return;
    this.catchUp();
    this.make(
      this.assigner.checkTimes({
        idleMs: (assignment) => this.assignments.idleMs(assignment),
        medianMs: (job, phase) => this.assignments.latency.medianMs(job, phase),
      }),
    );
  }

  private noteDecided({ job, events }: Decision): void {
    this.changedJobs.add(job.id);
    this.fruitless.note(events, this.parts.clock.attentiveMs());
    for (const event of events) {
      if (event.type === 'task_failed' || event.type === 'assignment_ended') this.changedProvers.add(event.prover);
    }
  }

  private committed(decided: readonly Decided[]): void {
    for (const { job, decision } of decided) {
      for (const event of decision.events) this.assignments.noteResult(job, event);
      for (const effect of decision.effects) this.carryOut(job.id, effect);
    }
  }

  private carryOut(job: JobId, effect: Effect): void {
    switch (effect.kind) {
      case 'send_assignment':
        return this.send(effect.assignment);
      case 'assignment_over':
        this.assignments.leases.remove({ job, epoch: effect.epoch });
        this.changedProvers.add(effect.prover);
        return this.showBusy(effect.prover);
      case 'revoke':
        return this.channelTo(effect.prover)?.revoke({ job, epoch: effect.epoch }, effect.tasks, effect.reason);
      case 'job_over':
        this.assignments.latency.forget(job);
        return effect.provers.forEach((prover) => this.channelTo(prover)?.jobOver(job, effect.reason));
      case 'quarantine':
        return this.applyQuarantine(effect.prover, effect.reason, job);
      case 'coordinator_task':
      case 'check_proof':
      case 'answer':
        return;
      default:
        return assertNever(effect, 'effect');
    }
  }

  private send(assignment: AssignmentContent): void {
    const { prover } = assignment;
    this.assignments.sent(assignment);
    this.changedProvers.add(prover);
    if (!this.channelTo(prover)?.assign(assignment)) {
      // Not at once to the same prover again: that would go round and round.
      this.heldBack.set(prover, this.parts.clock.attentiveMs() + this.parts.options.acknowledgeMs);
      this.end(assignment, 'unacknowledged', false);
      return;
    }
    // A third-party worker cannot confirm: its lease starts when the message is written.
    if (this.registry.find(prover)?.session.protocol === 'baseline') this.assignments.renew(prover, [assignment]);
    this.showBusy(prover);
  }

  private channelTo(prover: ProverId): ProverChannel | undefined {
    const registered = this.registry.find(prover);
    return registered && isConnected(registered.session) ? registered.channel : undefined;
  }

  private applyQuarantine(prover: ProverId, reason: string, job: JobId | null): void {
    this.quarantined.set(prover, { cause: 'fault', reason });
    this.changedProvers.add(prover);
    this.tell({ type: 'quarantined', prover, reason, job });
    for (const job of this.parts.bus.active()) this.exclude(job, prover);
  }

  private exclude(job: JobState, prover: ProverId): void {
    if (!job.excluded.includes(prover)) this.apply(job.id, { kind: 'exclude_prover', prover });
  }

  private reloaded(jobs: readonly JobState[]): void {
    this.assignments.reload(jobs);
    this.assigner.forgetJobs();
    this.changedJobs.clear();
    for (const { id } of jobs) this.changedJobs.add(id);
    for (const prover of this.assignments.leases.holders()) this.changedProvers.add(prover);
    for (const [prover, { cause }] of this.quarantined) {
      if (cause === 'fault') for (const job of jobs) this.exclude(job, prover);
    }
    this.assignSoon();
  }

  private sweep(): void {
    if (!this.parts.bus.isReady) return;
    const nowMs = this.parts.clock.attentiveMs();
    for (const [prover, untilMs] of this.heldBack) if (untilMs <= nowMs) this.heldBack.delete(prover);
    this.fruitless.prune(nowMs);
    for (const due of this.assignments.due()) this.end(due, due.cause, due.cause === 'lease_expired');
    for (const prover of this.registry.removeGone()) {
      const heldAssignments = this.assignments.leases.heldBy(prover);
      this.gone(prover, heldAssignments.length);
      for (const lease of heldAssignments) this.end(lease, 'disconnected', true);
    }
    const atOnce = (prover: ProverId) => this.registry.find(prover)?.session.protocol === 'baseline';
    const timedOut = this.assignments.timedOut(this.parts.options, this.parts.bus, atOnce);
    for (const lease of timedOut) this.end(lease, 'timed_out', false);
    const { found, over } = this.exhausted.look(this.parts.bus.active().filter((job) => this.obstacle(job) !== null));
    const { proverWaitMs: waitMs } = this.parts.options;
    for (const { id: job, excluded: provers } of found) this.tell({ type: 'exhausted', job, provers, waitMs });
    for (const { id } of over) this.apply(id, { kind: 'provers_exhausted', waitedMs: waitMs });
    // Whatever became of provers without a word to the policy is told now: it costs one interval.
    this.checkTimes();
    this.assignSoon();
  }

  private disconnected({ session: { prover, state } }: RegisteredProver, reason: string): void {
    if (state.kind !== 'DRAINING') this.leaving.delete(prover);
    this.losses.set(prover, reason);
    const assignments = this.assignments.leases.heldBy(prover).length;
    this.tell({ type: 'disconnected', prover, reason, assignments, graceMs: this.parts.options.session.graceMs });
  }

  private gone(prover: ProverId, assignments: number): void {
    this.changedProvers.add(prover);
    const reason = this.losses.get(prover) ?? '';
    if (this.leaving.has(prover) && assignments === 0) this.tell({ type: 'drained', prover });
    else this.tell({ type: 'lost', prover, reason, assignments });
    this.forgetLoss(prover);
  }

  private forgetLoss(prover: ProverId): void {
    this.heldBack.delete(prover);
    this.losses.delete(prover);
    this.leaving.delete(prover);
  }

  private end({ job, epoch }: AssignmentId | Lease, cause: AssignmentEnd, countsAsLoss: boolean): void {
    this.apply(job, { kind: 'end_assignment', epoch, cause, countsAsLoss });
  }

  /** A command that the store could not take is not repeated here: what made it necessary is still there. */
  private apply(job: JobId, command: JobCommand): void {
    this.parts.bus.apply(job, command).catch(() => undefined);
  }

  private showBusy(prover: ProverId): void {
    this.registry.setBusy(prover, this.assignments.leases.heldBy(prover).length > 0);
  }
}
