import { status, type ServiceError } from '@grpc/grpc-js';
import { Logger } from '@nestjs/common';
import type { FailureReport, HandBackReport, ResultId, ResultReport } from '../../domain/job/prover-report.js';
import { taskKey } from '../../domain/job/task.js';
import { rejected, type Verdict } from '../../domain/verdict.js';
import { Backoff } from '../../lifecycle/backoff.js';
import type { Random } from '../../lifecycle/random.js';
import { pause } from '../../lifecycle/pause.js';
import { errorMessage } from '../../lifecycle/system-error.js';
import type { Timers } from '../../lifecycle/timers.js';
import { fromReportAnswer, toCompletionReport, toFailureReport } from '../../wire/unary/coordinator-message.js';
import { Slots } from '../work/slots.js';
import type { CoordinatorClient } from './coordinator-client.js';

type Report = ResultReport | FailureReport | HandBackReport;

export interface ReportSenderParts {
  readonly client: CoordinatorClient;
  readonly timers: Timers;
  readonly random: Random;
  /** A result was judged. */
  readonly acknowledge: (result: ResultId, verdict: Verdict) => void;
  /** Whether the failure of a call ends the session; then nothing more is sent. */
  readonly endsSession: (error: ServiceError) => boolean;
}

/** Calls under way at once: a report of a proof is answered only when the proof is verified. */
const CALLS_AT_ONCE = 8;

/**
 * Makes a call of each report, again with back-off where the coordinator cannot be reached or cannot judge it now. The
 * same report twice is one call: the first is still under way.
 */
export class ReportSender {
  private readonly log = new Logger(ReportSender.name);
  private readonly calls = new Slots(CALLS_AT_ONCE);
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly closed = new AbortController();

  constructor(private readonly parts: ReportSenderParts) {}

  send(report: Report): boolean {
    const { signal } = this.closed;
    if (signal.aborted) return false;
    const key = keyOf(report);
    if (!this.underWay.has(key)) {
      const delivered = this.deliver(report, signal).finally(() => this.underWay.delete(key));
      this.underWay.set(key, delivered);
    }
    return true;
  }

  /** Resolves when every report was answered, or given up. */
  async settled(): Promise<void> {
    await Promise.all(this.underWay.values());
  }

  /** Gives up what was not answered. */
  close(): void {
    this.closed.abort();
  }

  private async deliver(report: Report, signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(this.parts.random);
    do await pause(this.parts.timers, backoff.next(), signal);
    while (!signal.aborted && !(await this.try(report, signal)));
  }

  /** Whether the coordinator has answered. */
  private async try(report: Report, signal: AbortSignal): Promise<boolean> {
    const release = await this.calls.take(signal);
    if (!release) return true;
    try {
      await this.call(report);
      return true;
    } catch (error) {
      if (signal.aborted || this.parts.endsSession(error as ServiceError)) return true;
      if ((error as ServiceError).code === status.INVALID_ARGUMENT) return this.refused(report, errorMessage(error));
      this.log.debug({ message: 'a report did not get through', job: report.job, reason: errorMessage(error) });
      return false;
    } finally {
      release();
    }
  }

  private async call(report: Report): Promise<void> {
    const { client } = this.parts;
    if (report.kind !== 'result') return void (await client.reportFailure(toFailureReport(report)));
    this.judged(report, fromReportAnswer(await client.reportCompletion(toCompletionReport(report))));
  }

  /** The coordinator cannot read the report: it would not another time either. */
  private refused(report: Report, reason: string): true {
    this.log.error({ message: 'a report was refused', job: report.job, reason });
    if (report.kind === 'result') this.judged(report, rejected(reason));
    return true;
  }

  private judged({ job, epoch, task }: ResultReport, verdict: Verdict): void {
    this.parts.acknowledge({ job, epoch, task: taskKey(task) }, verdict);
  }
}

function keyOf(report: Report): string {
  const { kind, job, epoch } = report;
  switch (kind) {
    case 'result':
      return [kind, job, epoch, taskKey(report.task)].join(' ');
    case 'failure':
      return [kind, job, epoch, report.code, ...report.tasks.map(taskKey)].join(' ');
    case 'handed_back':
      return [kind, job, epoch].join(' ');
  }
}
