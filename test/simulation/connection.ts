import type { EventQueue } from './event-queue.js';
import type { FromProver, ToProver } from './messages.js';
import type { SeededRandom } from './seeded-random.js';

/** What the network does to single messages; all zero once faults stop. */
export interface NetworkConditions {
  drop: number;
  duplicate: number;
  delay: number;
}

export interface ConnectionEnd<In> {
  readonly receive: (message: In) => void;
  readonly closed: () => void;
}

export interface ConnectionParts {
  readonly queue: EventQueue;
  readonly random: SeededRandom;
  readonly conditions: NetworkConditions;
  readonly onFault: (fault: 'drop_message' | 'duplicate_message' | 'delay_message') => void;
}

const LATENCY_MS = [0.2, 4] as const;
const DELAY_MS = [20, 900] as const;

/** One connection between a prover and one life of the coordinator. In order, unless the network is impaired. */
export class Connection {
  open = true;
  /** What is sent this way is swallowed, and neither end is told. */
  readonly swallows = { toCoordinator: false, toProver: false };
  private readonly lastMs = { toCoordinator: 0, toProver: 0 };

  constructor(
    private readonly parts: ConnectionParts,
    private readonly coordinator: ConnectionEnd<FromProver>,
    private readonly prover: ConnectionEnd<ToProver>,
  ) {}

  toCoordinator(message: FromProver): void {
    this.send('toCoordinator', () => this.coordinator.receive(message));
  }

  toProver(message: ToProver): void {
    this.send('toProver', () => this.prover.receive(message));
  }

  /** Both ends learn of it, each in its time. */
  cut(): void {
    if (!this.open) return;
    this.open = false;
    const { queue, random } = this.parts;
    queue.after(random.between(...LATENCY_MS), () => this.coordinator.closed());
    queue.after(random.between(...LATENCY_MS), () => this.prover.closed());
  }

  private send(way: 'toCoordinator' | 'toProver', deliver: () => void): void {
    const { queue, random, conditions, onFault } = this.parts;
    if (random.chance(conditions.drop)) {
      onFault('drop_message');
      return;
    }
    if (random.chance(conditions.duplicate)) {
      onFault('duplicate_message');
      queue.after(random.between(...DELAY_MS), () => this.arrive(way, deliver));
    }
    if (random.chance(conditions.delay)) {
      onFault('delay_message');
      queue.after(random.between(...DELAY_MS), () => this.arrive(way, deliver));
      return;
    }
    const atMs = Math.max(this.lastMs[way], queue.nowMs + random.between(...LATENCY_MS));
    this.lastMs[way] = atMs;
    queue.at(atMs, () => this.arrive(way, deliver));
  }

  private arrive(way: 'toCoordinator' | 'toProver', deliver: () => void): void {
    if (this.open && !this.swallows[way]) deliver();
  }
}
