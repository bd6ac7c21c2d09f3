import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../domain/errors.js';
import type { Epoch, JobId, Leaf, ProverId } from '../../../domain/ids.js';
import type { ReportHeader } from '../../../domain/job/command.js';
import type { ArtifactRef, RunTotals } from '../../../domain/job/job-state.js';
import { taskKey, type TaskRef } from '../../../domain/job/task.js';
import { stale, type Verdict } from '../../../domain/verdict.js';
import { JobEngine } from '../../jobs/job-engine.js';
import { JobsService } from '../../jobs/jobs.service.js';

/** What a prover found for a task. */
export type Finding =
  | { readonly kind: 'leaf'; readonly leaf: Leaf; readonly totals: RunTotals | null }
  | { readonly kind: 'artifact'; readonly artifact: ArtifactRef }
  /** Values that can be no result, made up or damaged by its prover. */
  | { readonly kind: 'malformed'; readonly reason: string };

/** Why a prover has no result for some tasks of a grant. */
export interface Failure {
  /** Empty: every task of the grant. */
  readonly tasks: readonly TaskRef[];
  readonly reason: string;
  readonly retryable: boolean;
}

/**
 * What provers report, whatever their transport. A verdict of null means: not now; the prover keeps the result and
 * reports it again.
 */
@Injectable()
export class ProverReports {
  constructor(
    private readonly jobs: JobsService,
    private readonly engine: JobEngine,
  ) {}

  async result(job: JobId, report: ReportHeader, finding: Finding): Promise<Verdict | null> {
    return answerable(this.judge(job, report, finding));
  }

  async failure(job: JobId, prover: ProverId, epoch: Epoch, { tasks, reason, retryable }: Failure): Promise<void> {
    const failed = tasks.length > 0 ? tasks : this.tasksOf(job, epoch);
    for (const task of failed) {
      const report = { prover, epoch, task };
      await answerable(this.jobs.report(job, { kind: 'report_failure', report, reason, retryable }));
    }
  }

  /** The prover stops and gives back what it has not done. */
  async handBack(job: JobId, prover: ProverId, epoch: Epoch): Promise<void> {
    await this.engine.apply(job, { kind: 'hand_back', prover, epoch }).catch(forgiven);
  }

  progress(job: JobId, report: ReportHeader, phase: string, permille: number): void {
    this.jobs.noteProgress(job, report, phase, permille);
  }

  private judge(job: JobId, report: ReportHeader, finding: Finding): Promise<Verdict> {
    switch (finding.kind) {
      case 'artifact':
        return this.jobs.reportProof(job, report, finding.artifact);
      case 'leaf':
        return this.jobs.report(job, { kind: 'report_leaf', report, leaf: finding.leaf, totals: finding.totals });
      case 'malformed':
        return this.jobs.report(job, { kind: 'report_malformed', report, reason: finding.reason });
    }
  }

  /** All tasks of a grant; those that are done already refuse the report as such. */
  private tasksOf(job: JobId, epoch: Epoch): readonly TaskRef[] {
    const tasks = this.engine.ledger.find(job)?.grants[epoch - 1]?.tasks ?? [];
    return tasks.toSorted((a, b) => taskKey(a).localeCompare(taskKey(b)));
  }
}

async function answerable(verdict: Promise<Verdict>): Promise<Verdict | null> {
  try {
    return await verdict;
  } catch (error) {
    return forgiven(error);
  }
}

/** A job that is not there any more needs no result; what cannot be taken now is sent again. */
function forgiven(error: unknown): Verdict | null {
  if (!(error instanceof DomainError)) throw error;
  if (error.code === 'JOB_NOT_FOUND') return stale('there is no such job');
  if (error.code === 'SYSTEM_UNAVAILABLE' || error.code === 'QUOTA_EXCEEDED') return null;
  throw error;
}
