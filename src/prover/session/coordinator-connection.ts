import type { Target } from '../../client/channel.js';
import type { Clock } from '../../lifecycle/clock.js';
import type { Random } from '../../lifecycle/random.js';
import type { Timers } from '../../lifecycle/timers.js';
import type { ProverIdentity } from '../prover-identity.js';
import type { TaskManager } from '../work/task-manager.js';

/** Why a prover stops by itself. */
export type StopReason =
  /** The coordinator asked it to finish and to leave. */
  | { readonly kind: 'drained'; readonly reason: string }
  /** It must not come back: the coordinator refuses it. */
  | { readonly kind: 'rejected'; readonly reason: string }
  /** Another process has its name. */
  | { readonly kind: 'name_in_use'; readonly reason: string };

export interface ConnectionParts {
  readonly identity: ProverIdentity;
  readonly taskManager: TaskManager;
  readonly target: Target;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly depart: (why: StopReason) => void;
}

/** Keeps this prover connected to its coordinator, and carries messages between it and the task manager. */
export interface CoordinatorConnection {
  /** Tries to connect, again and again, until it is stopped. */
  readonly start: () => void;
  /** Ends the connection for good; resolves when what was said before has gone out, or cannot. */
  readonly stop: () => Promise<void>;
  /** Whether the coordinator knows this prover and can be told something. */
  readonly isConnected: boolean;
}
