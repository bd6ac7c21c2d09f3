import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../domain/errors.js';
import type { Epoch, JobId, Commitment, ProverId, Segment } from '../../../domain/ids.js';
import type { ReportHeader } from '../../../domain/job/command.js';
import type { BusyTime } from '../../../domain/job/event.js';
import type { ArtifactRef, RunTotals } from '../../../domain/job/job-state.js';
import { segmentOf, taskKey, type TaskRef } from '../../../domain/job/task.js';
import { accepted, overall, rejected, stale, type Verdict } from '../../../domain/verdict.js';
import { JobCommandBus } from '../../jobs/job-command-bus.js';
import { JobsService } from '../../jobs/jobs.service.js';

/** What a prover found for a task. */
export type Finding =
  | { readonly kind: 'commitment'; readonly commitment: Commitment; readonly totals: RunTotals | null }
  | { readonly kind: 'artifact'; readonly artifact: ArtifactRef }
  /** Values that can be no result, made up or damaged by its prover. */
  | { readonly kind: 'malformed'; readonly reason: string };

/** Who reports on which assignment. */
export interface Reporter {
  readonly job: JobId;
  readonly prover: ProverId;
  readonly epoch: Epoch;
}

/** One of several results of an assignment. */
export interface FoundResult {
  /** null: the task of the assignment that is on the segment. */
  readonly task: TaskRef | null;
  readonly segment: Segment | null;
  readonly finding: Finding;
}

/** Why a prover has no result for some tasks of an assignment. */
export interface Failure {
  /** Empty: every task of the assignment. */
  readonly tasks: readonly TaskRef[];
  /** Words of the prover; begins with a code of the kernel or of the prover and a colon, where it says one. */
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
    private readonly bus: JobCommandBus,
  ) {}

  async result(job: JobId, report: ReportHeader, finding: Finding): Promise<Verdict | null> {
    return answerable(this.judge(job, report, finding));
  }

  /** Several results of one assignment, judged together; null as soon as one of them cannot be judged now. */
  async results(reporter: Reporter, found: readonly FoundResult[], busy: BusyTime): Promise<Verdict | null> {
    const tasks = this.tasksOf(reporter);
    if (!isTasks(tasks)) return tasks;
    const { job, prover, epoch } = reporter;
    return together(
      found.map(async ({ task, segment, finding }) => {
        const named = task ?? tasks.find((ref) => segmentOf(ref) === segment);
        if (named) return this.result(job, { prover, epoch, task: named, busy }, finding);
        return rejected(`the assignment has no ${segment === null ? 'aggregation' : `task on segment ${segment}`}`);
      }),
    );
  }

  async failure(reporter: Reporter, { tasks, reason, retryable }: Failure): Promise<Verdict | null> {
    const failed = tasks.length > 0 ? tasks : this.tasksOf(reporter);
    if (!isTasks(failed)) return failed;
    const { job, prover, epoch } = reporter;
    const inOrder = failed.toSorted((a, b) => taskKey(a).localeCompare(taskKey(b)));
    return together(
      inOrder.map((task) => {
        const report = { prover, epoch, task };
        return answerable(
          this.jobs.report(job, { kind: 'report_failure', report, reason, ...codeIn(reason), retryable }),
        );
      }),
    );
  }

  /** The prover stops and gives back what it has not done. */
  async handBack({ job, prover, epoch }: Reporter): Promise<Verdict | null> {
    const handedBack = this.bus.apply(job, { kind: 'hand_back', prover, epoch });
    return answerable(
      handedBack.then(({ outcome }) => (outcome.kind === 'ignored' ? stale(outcome.reason) : accepted())),
    );
  }

  progress(job: JobId, report: ReportHeader, phase: string, permille: number): void {
    this.jobs.noteProgress(job, report, phase, permille);
  }

  private judge(job: JobId, report: ReportHeader, finding: Finding): Promise<Verdict> {
    switch (finding.kind) {
      case 'artifact':
        return this.jobs.reportProof(job, report, finding.artifact);
      case 'commitment':
        return this.jobs.report(job, {
          kind: 'report_commitment',
          report,
          commitment: finding.commitment,
          totals: finding.totals,
        });
      case 'malformed':
        return this.jobs.report(job, { kind: 'report_malformed', report, reason: finding.reason });
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
