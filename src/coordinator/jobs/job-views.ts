import type { JobId } from '../../domain/ids.js';
import type { JobHeader } from '../../domain/job/changes.js';
import { isTerminal } from '../../domain/job/job-state.js';
import type { JobProgress } from '../../domain/job/progress-view.js';
import { JobHistory, type JobReport } from '../../domain/job/report.js';
import type { Clock } from '../../lifecycle/clock.js';
import { summaryOf, type JobSummary, type TaskStore } from '../store/task-store.js';
import { jobNotFound } from './active-job-repository.js';
import type { Defer } from './defer.js';
import type { JobCommandBus } from './job-command-bus.js';

/** A job as clients see it. */
export interface JobView {
  readonly header: JobHeader;
  /** The program's public output, hexadecimal; null until it is known. */
  readonly output: string | null;
  readonly progress: JobProgress;
  readonly report: JobReport;
}

/** Events read in one go: between two pages others have their turn. */
export const EVENT_PAGE = 200;

/** Jobs whose histories are kept; that of another is read again. */
const KEPT = 1_024;

/**
 * Jobs for those who look. However many look at a long job, each of its events is read once: what they add up to is
 * kept, and only what is new is read.
 */
export class JobViews {
  /** In the order of their last use. */
  private readonly histories = new Map<JobId, JobHistory>();

  constructor(
    private readonly jobs: Pick<JobCommandBus, 'findCommitted'>,
    private readonly store: TaskStore,
    private readonly clock: Clock,
    private readonly defer: Defer,
  ) {}

  /** @throws DomainError JOB_NOT_FOUND; StoreError */
  async of(id: JobId): Promise<JobView> {
    const history = await this.history(id);
    return { ...(await this.summary(id)), report: history.report(this.clock.wallMs()) };
  }

  private async summary(id: JobId): Promise<JobSummary> {
    const job = this.jobs.findCommitted(id);
    if (job && !isTerminal(job.status)) return summaryOf(job);
    const summary = await this.store.summary(id);
    if (!summary) throw jobNotFound(id);
    return summary;
  }

  private async history(id: JobId): Promise<JobHistory> {
    const history = this.kept(id);
    for (;;) {
      const page = await this.store.events({ job: id, after: history.last, limit: EVENT_PAGE });
      for (const event of page) history.add(event);
      if (page.length < EVENT_PAGE) break;
      await new Promise<void>((resolve) => this.defer.run(resolve));
    }
    // Nothing is kept of what does not exist.
    if (history.last === 0) this.histories.delete(id);
    return history;
  }

  private kept(id: JobId): JobHistory {
    const history = this.histories.get(id) ?? new JobHistory();
    this.histories.delete(id);
    this.histories.set(id, history);
    const [oldest] = this.histories.keys();
    if (this.histories.size > KEPT && oldest !== undefined) this.histories.delete(oldest);
    return history;
  }
}
