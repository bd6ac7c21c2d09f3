import { Injectable, Logger } from '@nestjs/common';
import { errorMessage } from '../../../lifecycle/system-error.js';
import { DomainError, type DomainErrorCode } from '../../../domain/errors.js';
import type { JobId, ProverId } from '../../../domain/ids.js';
import type { ReportHeader } from '../../../domain/job/command.js';
import type { BusyTime } from '../../../domain/job/event.js';
import type { NamedResult, ReportedFailure, ReportedResult, Reporter } from '../../../domain/job/reported-result.js';
import { segmentOf, taskKey, type TaskRef } from '../../../domain/job/task.js';
import { accepted, overall, rejected, stale, type Verdict } from '../../../domain/verdict.js';
import { JobCommandBus } from '../../jobs/job-command-bus.js';
import { JobsService } from '../../jobs/jobs.service.js';

/**
 * What provers report, whatever their transport. A verdict of null means: not now; the prover keeps the result and
 * reports it again.
 */
@Injectable()
export class ProverReports {
  private readonly log = new Logger('ProverGateway');

  constructor(
    private readonly jobs: JobsService,
    private readonly bus: JobCommandBus,
  ) {}

  async result(job: JobId, report: ReportHeader, reported: ReportedResult): Promise<Verdict | null> {
    return this.answerable(job, report.prover, this.judge(job, report, reported));
  }

  /** Several results of one assignment, judged together; null as soon as one of them cannot be judged now. */
  async results(reporter: Reporter, found: readonly NamedResult[], busy: BusyTime): Promise<Verdict | null> {
    const tasks = this.tasksOf(reporter);
    if (!isTasks(tasks)) return tasks;
    const { job, prover, epoch } = reporter;
    return together(
      found.map(async ({ task, segment, result }) => {
        const named = task ?? tasks.find((ref) => segmentOf(ref) === segment);
        if (named) return this.result(job, { prover, epoch, task: named, busy }, result);
        return rejected(`the assignment has no ${segment === null ? 'aggregation' : `task on segment ${segment}`}`);
      }),
    );
  }

  async failure(reporter: Reporter, { tasks, reason, retryable }: ReportedFailure): Promise<Verdict | null> {
    const failed = tasks.length > 0 ? tasks : this.tasksOf(reporter);
    if (!isTasks(failed)) return failed;
    const { job, prover, epoch } = reporter;
    const inOrder = failed.toSorted((a, b) => taskKey(a).localeCompare(taskKey(b)));
    return together(
      inOrder.map((task) => {
        const report = { prover, epoch, task };
        const failure = { kind: 'report_failure', report, reason, ...codeIn(reason), retryable } as const;
        return this.answerable(job, prover, this.jobs.report(job, failure));
      }),
    );
  }

  /** The prover stops and gives back what it has not done. */
  async handBack({ job, prover, epoch }: Reporter): Promise<Verdict | null> {
    const handedBack = this.bus.apply(job, { kind: 'hand_back', prover, epoch });
    return this.answerable(
      job,
      prover,
      handedBack.then(({ outcome }) => (outcome.kind === 'ignored' ? stale(outcome.reason) : accepted())),
    );
  }

  progress(job: JobId, report: ReportHeader, phase: string, permille: number): void {
    this.jobs.noteProgress(job, report, phase, permille);
  }

  private async answerable(job: JobId, prover: ProverId, verdict: Promise<Verdict>): Promise<Verdict | null> {
    try {
      return await verdict;
    } catch (error) {
      return this.forgiven(job, prover, error);
    }
  }

  /**
   * A job that is not there any more needs no result; what cannot be taken now is sent again. What is no fault of the
   * prover never ends its stream: all that it works on would suffer.
   */
  private forgiven(job: JobId, prover: ProverId, error: unknown): Verdict | null {
    const code = error instanceof DomainError ? error.code : null;
    if (code === 'JOB_NOT_FOUND') return stale('there is no such job');
    if (code === 'INVALID_ARGUMENT') throw error;
    const isExpected = error instanceof DomainError && NOT_NOW.has(error.code) && error.cause === undefined;
    if (!isExpected) this.log.warn({ message: 'result not judged', job, prover, reason: errorMessage(error) });
    return null;
  }

  private judge(job: JobId, report: ReportHeader, reported: ReportedResult): Promise<Verdict> {
    switch (reported.kind) {
      case 'artifact':
        return this.jobs.reportProof(job, report, reported.artifact);
      case 'commitment':
        return this.jobs.report(job, {
          kind: 'report_commitment',
          report,
          commitment: reported.commitment,
          totals: reported.totals,
        });
      case 'malformed':
        return this.jobs.report(job, { kind: 'report_malformed', report, reason: reported.reason });
    }
  }

  /** All tasks of an assignment, or the verdict on any report about it. */
  private tasksOf({ job, prover, epoch }: Reporter): readonly TaskRef[] | Verdict | null {
    if (!this.bus.isReady) return null;
    const state = this.bus.find(job);
    if (!state) return stale('there is no such job, or it has ended');
    const assignment = state.assignments.at(epoch - 1);
    return assignment?.prover === prover
      ? assignment.tasks
      : rejected(`epoch ${epoch} of the job was not assigned to this prover`);
  }
}

function codeIn(reason: string): { readonly code?: string } {
  const code = /^([a-z_]+): /.exec(reason)?.[1];
  return code === undefined ? {} : { code };
}

function isTasks(tasks: readonly TaskRef[] | Verdict | null): tasks is readonly TaskRef[] {
  return Array.isArray(tasks);
}

async function together(verdicts: readonly Promise<Verdict | null>[]): Promise<Verdict | null> {
  const judged = await Promise.all(verdicts);
  return judged.includes(null) ? null : overall(judged.filter((verdict) => verdict !== null));
}

const NOT_NOW: ReadonlySet<DomainErrorCode> = new Set(['SYSTEM_UNAVAILABLE', 'QUOTA_EXCEEDED']);
