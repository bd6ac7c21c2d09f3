import type { Settings } from '../../config/settings.js';
import { DEFAULT_RULES, type JobRules } from '../../domain/job/request.js';
import type { CoordinatorTaskLimits } from './coordinator-task-runner.js';

/** How the jobs are run, and the injection token. */
export abstract class JobsOptions {
  /** Jobs that may wait or run; more are refused. */
  abstract readonly maxOpen: number;
  /** Jobs planned or running at once; the others wait in the store and cost no memory. */
  abstract readonly maxActive: number;
  /** Ended jobs are forgotten after this long. */
  abstract readonly retentionMs: number;
  abstract readonly coordinatorTasks: CoordinatorTaskLimits;
  /** Proofs verified at once, and proofs that may wait for it. */
  abstract readonly checks: { readonly concurrency: number; readonly maxWaiting: number };
  abstract readonly rules: JobRules;
}

/** Jobs planned or running at once; the others wait in the store. */
const MAX_ACTIVE = 256;
const MAX_WAITING_CHECKS = 1024;

export function jobsOptions({ jobs, kernelThreads, planning }: Settings): JobsOptions {
  return {
    maxOpen: jobs.maxOpen,
    maxActive: MAX_ACTIVE,
    retentionMs: jobs.retentionMs,
    coordinatorTasks: { plans: planning.threads, others: kernelThreads, planTimeoutMs: planning.timeoutMs },
    checks: { concurrency: kernelThreads, maxWaiting: MAX_WAITING_CHECKS },
    rules: DEFAULT_RULES,
  };
}
