import type { TaskKind } from '../job/task.js';

/**
 * How work is spread. Capacity is counted in slots: a compute unit has `slotsPerUnit`, of which `runningSlots` keep
 * it busy; the rest is the next task, already there when the present one ends. A contribution is short, so
 * many fit into a unit; a proof is long, so a unit holds one and the next.
 */
export interface AssignmentOptions {
  readonly slotsPerUnit: number;
  readonly runningSlots: number;
  readonly cost: Readonly<Record<TaskKind, number>>;
  readonly leaseMs: number;
  /** Of so many turns of a prover, one goes to the job that has waited longest for a turn. */
  readonly fairTurnEvery: number;
  /** A task outstanding this many times the usual may be given to a second prover. */
  readonly speculateAfter: number;
  /** Never sooner than this. */
  readonly speculateFloorMs: number;
  /** After this when nothing is known yet of what is usual. */
  readonly speculateBlindMs: number;
  /** An assignment without a result for this many times the usual, while others wait for work, quarantines its prover. */
  readonly overdueAfter: number;
  readonly overdueFloorMs: number;
  /** Largest proof, in bytes, that a third-party worker gets into one message. */
  readonly publishedProofBytes: number;
}

export const DEFAULT_ASSIGNMENT: AssignmentOptions = {
  slotsPerUnit: 16,
  runningSlots: 8,
  cost: { contribute: 1, prove: 8, aggregate: 8 },
  leaseMs: 15_000,
  fairTurnEvery: 4,
  speculateAfter: 2,
  speculateFloorMs: 20_000,
  speculateBlindMs: 120_000,
  overdueAfter: 20,
  overdueFloorMs: 600_000,
  // A word of 8 bytes takes up to 10 in a message of at most 4 MiB.
  publishedProofBytes: 3.25 * 2 ** 20,
};
