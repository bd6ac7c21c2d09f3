import type { ProverId } from '../../../domain/ids.js';
import { taskKey } from '../../../domain/job/task.js';
import type { ExecuteTaskResponse, TaskProgress } from '../../../wire/generated/zisk_distributed_api.js';
import { fromVerdict } from '../../../wire/stream/prover-message.js';
import { toReportedProgress, toTaskAnswer, type TaskAnswer } from '../../../wire/stream/task-answer.js';
import type { ProverReports } from '../sessions/prover-reports.js';
import type { ExtendedChannel } from './extended-channel.js';

/** Judges what a prover of ours answers to its tasks, and acknowledges each result. */
export class TaskResponses {
  constructor(
    private readonly prover: ProverId,
    private readonly reports: ProverReports,
    private readonly channel: ExtendedChannel,
  ) {}

  /** @throws DomainError INVALID_ARGUMENT */
  async take(response: ExecuteTaskResponse): Promise<void> {
    const answer = toTaskAnswer(response);
    await Promise.all(answer.results.map((result) => this.takeResult(answer, result)));
    await this.takeFailure(answer);
  }

  /** @throws DomainError INVALID_ARGUMENT */
  progress(message: TaskProgress): void {
    const { job, epoch, task, phase, permille } = toReportedProgress(message);
    this.reports.progress(job, { prover: this.prover, epoch, task }, phase, permille);
  }

  private async takeResult(answer: TaskAnswer, { task, result }: TaskAnswer['results'][number]): Promise<void> {
    const { job, epoch, busy } = answer;
    const verdict = await this.reports.result(job, { prover: this.prover, epoch, task, busy }, result);
    if (verdict === null) return;
    const value = { jobId: job, taskId: taskKey(task), epoch: BigInt(epoch), ...fromVerdict(verdict) };
    this.channel.send({ $case: 'resultAck', value });
  }

  private async takeFailure({ job, epoch, failure }: TaskAnswer): Promise<void> {
    if (failure === null) return;
    const reporter = { job, prover: this.prover, epoch };
    await (failure === 'handed_back' ? this.reports.handBack(reporter) : this.reports.failure(reporter, failure));
  }
}
