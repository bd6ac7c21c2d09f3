import type { Epoch, JobId } from '../../domain/ids.js';
import type { BusyTime } from '../../domain/job/event.js';
import type { ReportedFailure, ReportedResult } from '../../domain/job/reported-result.js';
import { parseTaskKey, type TaskRef } from '../../domain/job/task.js';
import { toCommitment } from '../commitment.js';
import { HANDED_BACK } from '../extensions.js';
import type { ExecuteTaskResponse, TaskProgress, TaskResult } from '../generated/zisk_distributed_api.js';
import { toArtifact, toBusy, toEpoch, toJobId, toTotals } from './prover-message.js';

/** What a prover of ours answers to an assignment. */
export interface TaskAnswer {
  readonly job: JobId;
  readonly epoch: Epoch;
  readonly results: readonly { readonly task: TaskRef; readonly result: ReportedResult }[];
  readonly busy: BusyTime;
  /** null where there is none. */
  readonly failure: ReportedFailure | 'handed_back' | null;
}

/** @throws DomainError INVALID_ARGUMENT naming the field */
export function toTaskAnswer(response: ExecuteTaskResponse): TaskAnswer {
  return {
    job: toJobId(response.jobId),
    epoch: toEpoch(response.epoch),
    results: response.results.flatMap((given) => {
      const result = toResult(given, response);
      return result ? [{ task: parseTaskKey(given.taskId), result }] : [];
    }),
    busy: toBusy(response.busy),
    failure: response.success ? null : toFailure(response),
  };
}

/** How far a prover says that it is with a task. */
export interface ReportedProgress {
  readonly job: JobId;
  readonly epoch: Epoch;
  readonly task: TaskRef;
  readonly phase: string;
  readonly permille: number;
}

/** @throws DomainError INVALID_ARGUMENT naming the field */
export function toReportedProgress({ jobId, epoch, taskId, phase, permille }: TaskProgress): ReportedProgress {
  return { job: toJobId(jobId), epoch: toEpoch(epoch), task: parseTaskKey(taskId), phase, permille };
}

function toResult({ result }: TaskResult, { totals }: ExecuteTaskResponse): ReportedResult | undefined {
  if (result?.$case === 'artifact') return { kind: 'artifact', artifact: toArtifact(result.value) };
  if (result?.$case !== 'leaf') return undefined;
  const given = toCommitment(result.value, 'results.leaf');
  return given.kind === 'commitment' ? { ...given, totals: toTotals(totals) } : given;
}

function toFailure({ failure, errorMessage }: ExecuteTaskResponse): ReportedFailure | 'handed_back' {
  if (failure?.code === HANDED_BACK) return 'handed_back';
  return {
    tasks: (failure?.taskIds ?? []).map(parseTaskKey),
    reason: failure?.code ? `${failure.code}: ${errorMessage}` : errorMessage,
    retryable: failure?.retryable ?? true,
  };
}
