import type { AssignmentOptions } from '../../src/domain/assignment/options.js';
import { DEFAULT_ASSIGNMENT } from '../../src/domain/assignment/options.js';
import type { JobsOptions } from '../../src/coordinator/jobs/jobs.options.js';
import type { SchedulerOptions } from '../../src/coordinator/scheduler/scheduler.options.js';
import { DEFAULT_RULES } from '../../src/domain/job/request.js';

/** The product's times at about a tenth, so that a schedule is short; their proportions are those of the product. */
const ASSIGNMENT: AssignmentOptions = {
  ...DEFAULT_ASSIGNMENT,
  leaseMs: 1_500,
  speculateFloorMs: 700,
  speculateBlindMs: 900,
  overdueFloorMs: 6_000,
};

export const SCHEDULER = {
  assignment: ASSIGNMENT,
  session: { quietMs: 1_000, graceMs: 300 },
  taskTimeoutMs: 8_000,
  proverWaitMs: 6_000,
  acknowledgeMs: 500,
  sweepMs: 150,
} satisfies SchedulerOptions;

export const JOBS = {
  maxOpen: 100,
  maxActive: 2,
  retentionMs: 10 ** 9,
  coordinatorTasks: { plans: 1, others: 2, planTimeoutMs: 600_000 },
  checks: { concurrency: 2, maxWaiting: 8 },
  rules: DEFAULT_RULES,
} satisfies JobsOptions;

/** For schedules in which more jobs want to be served than can be. */
export const CROWDED_JOBS: JobsOptions = { ...JOBS, maxActive: 8 };

/** A bug put in on purpose: only urgency counts. */
export const UNFAIR: SchedulerOptions = {
  ...SCHEDULER,
  assignment: { ...ASSIGNMENT, fairTurnEvery: Number.MAX_SAFE_INTEGER },
};

export const HEARTBEAT_MS = 500;
/** Either side that hears nothing for two intervals gives the connection up. */
export const SILENCE_MS = 2 * HEARTBEAT_MS;
export const RESEND_MS = 250;
export const TASK_MS = { contribute: [10, 60], prove: [80, 300], aggregate: [40, 150] } as const;
