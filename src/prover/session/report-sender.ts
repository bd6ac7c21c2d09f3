import { status, type ServiceError } from '@grpc/grpc-js';
import { Logger } from '@nestjs/common';
import { Backoff } from '../../lifecycle/backoff.js';
import type { Random } from '../../lifecycle/random.js';
import { pause } from '../../lifecycle/pause.js';
import { errorMessage } from '../../lifecycle/system-error.js';
import type { Timers } from '../../lifecycle/timers.js';
import { ResultVerdict, type ExecuteTaskResponse, type ResultAck } from '../../wire/generated/zisk_distributed_api.js';
import { Slots } from '../work/slots.js';
import type { CoordinatorClient } from './coordinator-client.js';
import { toCompletion, toFailureReport, toResultVerdict } from './unary-messages.js';

export interface ReportSenderParts {
  readonly client: CoordinatorClient;
  readonly timers: Timers;
  readonly random: Random;
  /** A result was judged. */
  readonly acknowledge: (ack: ResultAck) => void;
  /** Whether the failure of a call ends the session; then nothing more is sent. */
  readonly endsSession: (error: ServiceError) => boolean;
}

/** Calls under way at once: a report of a proof is answered only when the proof is verified. */
const CALLS_AT_ONCE = 8;

/**
 * Makes a call of each answer of the desk, again with back-off where the coordinator cannot be reached or cannot judge
 * it now. The same answer twice is one call: the first is still under way.
 */
export class ReportSender {
  private readonly log = new Logger(ReportSender.name);
  private readonly calls = new Slots(CALLS_AT_ONCE);
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly closed = new AbortController();

  constructor(private readonly parts: ReportSenderParts) {}

  send(answer: ExecuteTaskResponse): boolean {
    const { signal } = this.closed;
    if (signal.aborted) return false;
    const key = keyOf(answer);
    if (!this.underWay.has(key)) {
      const delivered = this.deliver(answer, signal).finally(() => this.underWay.delete(key));
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

  private async deliver(answer: ExecuteTaskResponse, signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(this.parts.random);
    do await pause(this.parts.timers, backoff.next(), signal);
    while (!signal.aborted && !(await this.try(answer, signal)));
  }

  /** Whether the coordinator has answered. */
  private async try(answer: ExecuteTaskResponse, signal: AbortSignal): Promise<boolean> {
    const release = await this.calls.take(signal);
    if (!release) return true;
    try {
      await this.call(answer);
      return true;
    } catch (error) {
      if (signal.aborted || this.parts.endsSession(error as ServiceError)) return true;
      if ((error as ServiceError).code === status.INVALID_ARGUMENT) return this.refused(answer, errorMessage(error));
      this.log.debug({ message: 'a report did not get through', job: answer.jobId, reason: errorMessage(error) });
      return false;
    } finally {
      release();
    }
  }

  private async call(answer: ExecuteTaskResponse): Promise<void> {
    const { client } = this.parts;
    if (!answer.success) return void (await client.reportFailure(toFailureReport(answer)));
    const { verdict, message } = await client.reportCompletion(toCompletion(answer));
    this.judged(answer, toResultVerdict(verdict), message);
  }

  /** The coordinator cannot read the report: it would not another time either. */
  private refused(answer: ExecuteTaskResponse, reason: string): true {
    this.log.error({ message: 'a report was refused', job: answer.jobId, reason });
    this.judged(answer, ResultVerdict.RESULT_VERDICT_REJECTED, reason);
    return true;
  }

  private judged({ jobId, epoch, results }: ExecuteTaskResponse, verdict: ResultVerdict, reason: string): void {
    for (const { taskId } of results) this.parts.acknowledge({ jobId, taskId, epoch, verdict, reason });
  }
}

function keyOf({ jobId, epoch, results, failure }: ExecuteTaskResponse): string {
  const failed = failure ? [failure.code, ...failure.taskIds] : [];
  return [jobId, epoch, ...results.map(({ taskId }) => taskId), ...failed].join(' ');
}
