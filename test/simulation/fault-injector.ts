import type { Segment } from '../../src/domain/ids.js';
import type { Connection, NetworkConditions } from './connection.js';
import type { EventQueue } from './event-queue.js';
import { PROVER_FAULTS, type Fault } from './faults.js';
import type { Host } from './host.js';
import type { SchedulePlan } from './schedule.js';
import type { SeededRandom } from './seeded-random.js';
import type { SimCoordinator } from './sim-coordinator.js';
import type { SimProver } from './sim-prover.js';
import type { Disk } from './sim-store.js';

/** What faults are injected into. */
export interface World {
  readonly queue: EventQueue;
  readonly random: SeededRandom;
  readonly plan: SchedulePlan;
  readonly conditions: NetworkConditions;
  readonly disk: Disk;
  readonly provers: readonly SimProver[];
  /** The coordinator of the moment; null while there is none. */
  readonly coordinator: () => SimCoordinator | null;
  readonly host: () => Host;
  readonly killCoordinator: () => void;
  readonly startCoordinator: () => void;
  readonly cancelSome: () => void;
  readonly noted: (fault: Fault) => void;
}

/** Faults that only make others likely; each of those is counted where it happens. */
const COUNTED_BY_EFFECT: ReadonlySet<Fault> = new Set<Fault>([
  'drop_message',
  'duplicate_message',
  'delay_message',
  'coordinator_task_failure',
]);

/** Strikes now and then with one of the faults that the schedule has, until it is stopped. */
export class FaultInjector {
  /** Coordinator tasks fail now and then. */
  coordinatorTaskFails = false;
  private stopped = false;

  constructor(private readonly world: World) {}

  start(): void {
    if (this.stopped) return;
    this.world.queue.after(this.world.random.between(0, 2 * this.world.plan.faultEveryMs), () => {
      if (this.stopped) return;
      this.strike();
      this.start();
    });
  }

  private strike(): void {
    const kinds = [...this.world.plan.faults].filter((fault) => !(PROVER_FAULTS as readonly Fault[]).includes(fault));
    if (kinds.length === 0) return;
    const fault = this.world.random.oneOf(kinds);
    const strikes: Partial<Record<Fault, () => void>> = {
      crash_prover: () => this.crashProver(),
      pause_prover: () => this.world.random.oneOf(this.world.provers).pause(this.world.random.between(100, 3_500)),
      cut_connection: () => this.anyConnection()?.cut(),
      half_open: () => this.halfOpen(),
      drop_message: () => this.impair('drop'),
      duplicate_message: () => this.impair('duplicate'),
      delay_message: () => this.impair('delay'),
      crash_coordinator: () => this.crashCoordinator(),
      store_failure: () => this.breakDisk(),
      clock_jump: () => void (this.world.host().skewMs += this.world.random.between(-3_600_000, 3_600_000)),
      coordinator_task_failure: () => this.failCoordinatorTask(),
      cancel: () => this.world.cancelSome(),
      drain: () => this.drain(),
      lost_proof: () => this.loseProof(),
    };
    const strike = strikes[fault];
    if (!strike) return;
    if (!COUNTED_BY_EFFECT.has(fault)) this.world.noted(fault);
    strike();
  }

  private anyConnection(): Connection | undefined {
    const connections = this.world.coordinator()?.connections ?? [];
    return connections.length > 0 ? this.world.random.oneOf(connections) : undefined;
  }

  private crashProver(): void {
    const prover = this.world.random.oneOf(this.world.provers);
    if (!prover.isAlive) return;
    prover.crash();
    this.reviveLater(prover.parts.id);
  }

  reviveLater(id: string): void {
    this.world.queue.after(this.world.random.between(20, 1_500), () => {
      const prover = this.world.provers.find((entry) => entry.parts.id === id);
      if (prover && !prover.isAlive) prover.start();
    });
  }

  private halfOpen(): void {
    const connection = this.anyConnection();
    if (!connection) return;
    const way = this.world.random.chance(0.5) ? 'toCoordinator' : 'toProver';
    connection.swallows[way] = true;
  }

  private loseProof(): void {
    const bus = this.world.coordinator()?.bus;
    const job = bus?.active().find(({ run }) => [...(run?.proofs ?? [])].some((proof) => proof !== null));
    if (!bus || !job?.run) return;
    const segment = [...job.run.proofs].findIndex((proof) => proof !== null) as Segment;
    bus.apply(job.id, { kind: 'proof_lost', attempt: job.run.attempt, segment }).catch(() => undefined);
  }

  private impair(kind: keyof NetworkConditions): void {
    this.world.conditions[kind] = 0.3;
    this.world.queue.after(this.world.random.between(50, 600), () => void (this.world.conditions[kind] = 0));
  }

  private crashCoordinator(): void {
    const connections = this.world.coordinator()?.connections ?? [];
    this.world.killCoordinator();
    for (const connection of connections) connection.cut();
    this.world.queue.after(this.world.random.between(10, 800), () => this.world.startCoordinator());
  }

  private breakDisk(): void {
    this.world.disk.broken = true;
    this.world.queue.after(this.world.random.between(5, 700), () => void (this.world.disk.broken = false));
  }

  private failCoordinatorTask(): void {
    this.coordinatorTaskFails = true;
    this.world.queue.after(this.world.random.between(50, 600), () => void (this.coordinatorTaskFails = false));
  }

  private drain(): void {
    const prover = this.world.random.oneOf(this.world.provers);
    if (!this.world.coordinator()?.scheduler.drain(prover.parts.id, 'simulated')) return;
    // It leaves when it has had time to finish, and comes back as a new process.
    this.world.queue.after(this.world.random.between(50, 800), () => {
      if (!prover.isAlive) return;
      prover.crash();
      this.reviveLater(prover.parts.id);
    });
  }

  /** What was broken is mended. */
  stop(): void {
    this.stopped = true;
    this.coordinatorTaskFails = false;
    this.world.disk.broken = false;
    Object.assign(this.world.conditions, { drop: 0, duplicate: 0, delay: 0 });
  }
}
