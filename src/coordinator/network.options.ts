import type { Settings } from '../config/settings.js';
import { DEFAULT_ASSIGNMENT } from '../domain/assignment/options.js';
import { DEFAULT_RULES } from '../domain/job/request.js';
import type { JobsOptions } from './jobs/jobs.options.js';
import type { SchedulerOptions } from './scheduler/scheduler.options.js';

/** Jobs planned or running at once; the others wait in the store. */
const MAX_ACTIVE = 256;
const MAX_WAITING_CHECKS = 1024;
/** A grant whose arrival is not confirmed within two heartbeats is taken back. */
const ACKNOWLEDGE_HEARTBEATS = 2;
const SWEEPS_PER_HEARTBEAT = 10;
const SHORTEST_SWEEP_MS = 50;

export function jobsOptions({ jobs, kernelThreads }: Settings): JobsOptions {
  return {
    maxOpen: jobs.maxOpen,
    maxActive: MAX_ACTIVE,
    retentionMs: jobs.retentionMs,
    ownWork: kernelThreads,
    checks: { concurrency: kernelThreads, maxWaiting: MAX_WAITING_CHECKS },
    rules: DEFAULT_RULES,
  };
}

export function schedulerOptions({ leases }: Settings): SchedulerOptions {
  const { heartbeatIntervalMs, leaseMs, disconnectGraceMs } = leases;
  return {
    assignment: { ...DEFAULT_ASSIGNMENT, leaseMs },
    session: { quietMs: ACKNOWLEDGE_HEARTBEATS * heartbeatIntervalMs, graceMs: disconnectGraceMs },
    acknowledgeMs: ACKNOWLEDGE_HEARTBEATS * heartbeatIntervalMs,
    sweepMs: Math.max(SHORTEST_SWEEP_MS, heartbeatIntervalMs / SWEEPS_PER_HEARTBEAT),
  };
}
