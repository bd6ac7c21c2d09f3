import { Logger } from '@nestjs/common';
import type { JobId, ProverId } from '../../../domain/ids.js';
import type { AssignmentContent } from '../../../domain/job/effect.js';
import type { JobState } from '../../../domain/job/job-state.js';
import type { TaskRef } from '../../../domain/job/task.js';
import type { AssignmentId } from '../../../domain/session/lease-table.js';
import type { Clock } from '../../../lifecycle/clock.js';
import { errorMessage } from '../../../lifecycle/system-error.js';
import type { Timers } from '../../../lifecycle/timers.js';
import type { ExecuteTaskResponse, ProverError } from '../../../wire/generated/zisk_distributed_api.js';
import type { ProverChannel } from '../../scheduler/prover-channel.js';
import type { ProverReports } from '../sessions/prover-reports.js';
import { WorkerRequests } from '../third-party/worker-requests.js';
import { PartitionWork } from '../third-party/partition-work.js';
import type { ThirdPartyWorkers } from '../third-party/third-party-workers.js';
import { StreamChannel, type ProverCall } from './stream-channel.js';

/** A worker whose partition was given back for a reason on this side gets no other for so long. */
const PAUSE_MS = 5_000;

export interface BaselineParts {
  readonly workers: ThirdPartyWorkers;
  readonly reports: ProverReports;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Something may be sent again. */
  readonly onRoom: () => void;
}

/** The way to a prover that knows only the published schema. Nothing of ours is ever sent to it. */
export class BaselineChannel extends StreamChannel implements ProverChannel {
  private readonly log = new Logger('ProverGateway');
  private readonly requests = new WorkerRequests((value) => this.send({ $case: 'executeTask', value }));
  private work: PartitionWork | null = null;
  private pausedUntilMs = 0;
  private failures = 0;

  constructor(
    call: ProverCall,
    private readonly prover: ProverId,
    private readonly parts: BaselineParts,
  ) {
    super(call, parts.onRoom);
  }

  readonly accepts = (job: JobState): boolean =>
    this.parts.clock.attentiveMs() >= this.pausedUntilMs && this.parts.workers.accepts(job);

  /** A worker holds one assignment at a time: with a new one, what was before is over. */
  readonly assign = (assignment: AssignmentContent): boolean => {
    if (!this.hasRoom()) return false;
    this.stopWork('another task came');
    const work = new PartitionWork(assignment, this.tools());
    this.work = work;
    void work.run().catch((error: unknown) => {
      this.log.error({ message: 'partition failed', prover: this.prover, reason: errorMessage(error) });
    });
    return true;
  };

  /** The published schema can only take back a whole job; single tasks are dropped when their results come. */
  readonly revoke = ({ job, epoch }: AssignmentId, tasks: readonly TaskRef[], reason: string): void => {
    const { work } = this;
    if (work?.job === job && work.epoch === epoch && work.drop(tasks)) this.stopWork(reason);
  };

  override readonly jobOver = (job: JobId, reason: string): void => {
    if (this.work?.job === job) this.work.stop();
    this.requests.abandon();
    this.requests.forgetPartition();
    this.send({ $case: 'jobCancelled', value: { jobId: job, reason } });
  };

  /** There is no word for draining: the worker is told to leave. */
  readonly drain = (reason: string): void => this.shutdown(reason, 0);

  override end(): void {
    super.end();
    this.work?.stop();
    this.requests.abandon();
  }

  /** Takes an answer; one that belongs to nothing changes nothing. */
  take(response: ExecuteTaskResponse): void {
    if (this.requests.answer(response)) return;
    const { jobId, taskType, success } = response;
    this.log.warn({ message: 'answer to nothing', prover: this.prover, job: jobId, taskType, success });
  }

  failed({ jobId, errorMessage: reason }: ProverError): void {
    this.requests.failed(jobId, reason);
  }

  private stopWork(reason: string): void {
    const { work } = this;
    this.work = null;
    work?.stop();
    if (!work || !this.requests.abandon()) return;
    this.send({ $case: 'jobCancelled', value: { jobId: work.job, reason } });
  }

  private tools() {
    const { workers, reports, timers, clock } = this.parts;
    return {
      requests: this.requests,
      workers,
      reports,
      timers,
      log: this.log,
      noteFailure: () => {
        this.failures += 1;
        return this.failures > 1;
      },
      onHandedBack: () => {
        this.pausedUntilMs = clock.attentiveMs() + PAUSE_MS;
      },
    };
  }
}
