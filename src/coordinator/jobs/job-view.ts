import type { JobHeader } from '../../domain/job/changes.js';
import { headerOf } from '../../domain/job/changes.js';
import type { JobState } from '../../domain/job/job-state.js';
import { progressOf, type JobProgress } from '../../domain/job/progress-view.js';
import type { JobReport } from '../../domain/job/report.js';

/** A job as clients see it. */
export interface JobView {
  readonly header: JobHeader;
  /** The program's public output, hexadecimal; null until it is known. */
  readonly output: string | null;
  readonly progress: JobProgress;
  readonly report: JobReport;
}

export function viewOf(job: JobState, report: JobReport): JobView {
  return {
    header: headerOf(job),
    output: job.run?.plan.output ?? null,
    progress: progressOf(job),
    report,
  };
}
