import type { Epoch, JobId, ProverId } from '../../../domain/ids.js';
import { parseTaskKey } from '../../../domain/job/task.js';
import { HANDED_BACK } from '../../../wire/extensions.js';
import type { ExecuteTaskResponse, TaskProgress, TaskResult } from '../../../wire/generated/zisk_distributed_api.js';
import { toCommitment } from '../../../wire/commitment.js';
import { fromVerdict, toArtifact, toBusy, toEpoch, toJobId, toTotals } from '../../../wire/stream/prover-message.js';
import type { Finding, ProverReports } from '../sessions/prover-reports.js';
import type { ExtendedChannel } from './extended-channel.js';

/** Judges what a prover of ours answers to its tasks, and acknowledges each result. */
export class TaskResponses {
  constructor(
    private readonly prover: ProverId,
    private readonly reports: ProverReports,
    private readonly channel: ExtendedChannel,
  ) {}

  async take(response: ExecuteTaskResponse): Promise<void> {
    const [job, epoch] = [toJobId(response.jobId), toEpoch(response.epoch)];
    await Promise.all(response.results.map((result) => this.takeResult(job, epoch, result, response)));
    if (!response.success) await this.takeFailure(job, epoch, response);
  }

  progress({ jobId, epoch, taskId, phase, permille }: TaskProgress): void {
    const report = { prover: this.prover, epoch: toEpoch(epoch), task: parseTaskKey(taskId) };
    this.reports.progress(toJobId(jobId), report, phase, permille);
  }

  private async takeResult(job: JobId, epoch: Epoch, result: TaskResult, whole: ExecuteTaskResponse): Promise<void> {
    const task = parseTaskKey(result.taskId);
    const finding = findingOf(result, whole);
    if (!finding) return;
    const report = { prover: this.prover, epoch, task, busy: toBusy(whole.busy) };
    const verdict = await this.reports.result(job, report, finding);
    if (verdict === null) return;
    const value = { jobId: job, taskId: result.taskId, epoch: BigInt(epoch), ...fromVerdict(verdict) };
    this.channel.send({ $case: 'resultAck', value });
  }

  private async takeFailure(job: JobId, epoch: Epoch, { failure, errorMessage }: ExecuteTaskResponse): Promise<void> {
    const reporter = { job, prover: this.prover, epoch };
    if (failure?.code === HANDED_BACK) return void (await this.reports.handBack(reporter));
    const tasks = (failure?.taskIds ?? []).map(parseTaskKey);
    const reason = failure?.code ? `${failure.code}: ${errorMessage}` : errorMessage;
    const retryable = failure?.retryable ?? true;
    await this.reports.failure(reporter, { tasks, reason, retryable });
  }
}

function findingOf({ result }: TaskResult, { totals }: ExecuteTaskResponse): Finding | undefined {
  if (result?.$case === 'artifact') return { kind: 'artifact', artifact: toArtifact(result.value) };
  if (result?.$case !== 'leaf') return undefined;
  const given = toCommitment(result.value, 'results.leaf');
  return given.kind === 'commitment' ? { ...given, totals: toTotals(totals) } : given;
}
