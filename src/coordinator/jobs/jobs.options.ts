import type { JobRules } from '../../domain/job/request.js';

/** How the jobs are run, and the injection token. */
export abstract class JobsOptions {
  /** Jobs that may wait or run; more are refused. */
  abstract readonly maxOpen: number;
  /** Jobs planned or running at once; the others wait in the store and cost no memory. */
  abstract readonly maxActive: number;
  /** Ended jobs are forgotten after this long. */
  abstract readonly retentionMs: number;
  /** Own pieces of work (plans, settlements) at once. */
  abstract readonly ownWork: number;
  /** Proofs verified at once, and proofs that may wait for it. */
  abstract readonly checks: { readonly concurrency: number; readonly maxWaiting: number };
  abstract readonly rules: JobRules;
}
