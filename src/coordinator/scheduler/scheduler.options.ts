import type { Settings } from '../../config/settings.js';
import { DEFAULT_ASSIGNMENT, type AssignmentOptions } from '../../domain/assignment/options.js';
import type { SessionTimes } from '../../domain/session/session.js';

/** How provers are watched and given work, and the injection token. Times in milliseconds. */
export abstract class SchedulerOptions {
  abstract readonly assignment: AssignmentOptions;
  abstract readonly session: SessionTimes;
  /** An assignment whose arrival is not confirmed within this is taken back. */
  abstract readonly acknowledgeMs: number;
  /** Work without a single result for so long counts as failed; more where a job's results usually take longer. */
  abstract readonly taskTimeoutMs: number;
  /** A job all of whose provers were quarantined waits so long for others. */
  abstract readonly proverWaitMs: number;
  /** How often leases and graces are looked at. */
  abstract readonly sweepMs: number;
}

/** An assignment whose arrival is not confirmed within two heartbeats is taken back. */
const ACKNOWLEDGE_HEARTBEATS = 2;
const SWEEPS_PER_HEARTBEAT = 10;
const SHORTEST_SWEEP_MS = 50;

export function schedulerOptions({ leases }: Settings): SchedulerOptions {
  const { heartbeatIntervalMs, leaseMs, disconnectGraceMs, taskTimeoutMs, proverWaitMs } = leases;
  return {
    assignment: { ...DEFAULT_ASSIGNMENT, leaseMs },
    session: { quietMs: ACKNOWLEDGE_HEARTBEATS * heartbeatIntervalMs, graceMs: disconnectGraceMs },
    taskTimeoutMs,
    proverWaitMs,
    acknowledgeMs: ACKNOWLEDGE_HEARTBEATS * heartbeatIntervalMs,
    sweepMs: Math.max(SHORTEST_SWEEP_MS, heartbeatIntervalMs / SWEEPS_PER_HEARTBEAT),
  };
}
