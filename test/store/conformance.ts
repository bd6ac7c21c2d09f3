import type { JobId, ProverId } from '../../src/domain/ids.js';
import { changesBetween } from '../../src/domain/job/changes.js';
import type { JobCommand } from '../../src/domain/job/command.js';
import { accept, decide } from '../../src/domain/job/decide.js';
import type { Decision } from '../../src/domain/job/decision.js';
import { newJob, type JobState } from '../../src/domain/job/job-state.js';
import { DEFAULT_RULES, type JobRequest } from '../../src/domain/job/request.js';
import type { QuarantineEntry, TaskStore } from '../../src/coordinator/store/task-store.js';
import { REQUEST } from '../domain/job-driver.js';

const NOW = { monoMs: 0, wallMs: 5_000 };

/** A job that is kept in a store: every command is committed at once. */
export class StoredJob {
  job: JobState;

  private constructor(
    private readonly store: TaskStore,
    job: JobState,
  ) {
    this.job = job;
  }

  static async submit(store: TaskStore, id: string, change: Partial<JobRequest> = {}, key: string | null = null) {
    const fresh = newJob(id as JobId, { ...REQUEST, ...change }, DEFAULT_RULES, NOW.wallMs);
    const stored = new StoredJob(store, fresh);
    await stored.commit(accept(fresh, NOW), null, key);
    return stored;
  }

  async apply(command: JobCommand, wallMs = NOW.wallMs): Promise<Decision> {
    const before = this.job;
    const decision = decide(before, command, { ...NOW, wallMs });
    if (decision.job !== before) await this.commit(decision, before);
    return decision;
  }

  private async commit(
    decision: Decision,
    before: JobState | null,
    idempotencyKey: string | null = null,
  ): Promise<void> {
    const changes = changesBetween(before, decision.job, decision.events);
    const quarantined = decision.quarantines.map((entry): QuarantineEntry => ({
      ...entry,
      cause: 'fault',
      job: this.job.id,
      sinceMs: 1,
    }));
    await this.store.commit({
      jobs: [{ base: before?.version ?? null, changes, idempotencyKey }],
      quarantined,
      released: [],
    });
    this.job = decision.job;
  }

  /** What the store would give a coordinator that starts now. */
  async loaded(): Promise<JobState | null> {
    return this.store.loadJob(this.job.id);
  }
}

export const NOTHING = { jobs: [], quarantined: [], released: [] } as const;

export function quarantine(prover: string, sinceMs = 1): QuarantineEntry {
  return { prover: prover as ProverId, cause: 'fault', reason: 'wrong commitment', job: 'job' as JobId, sinceMs };
}
