import type { JobId } from '../../../domain/ids.js';
import type { ExecuteTaskRequest, ExecuteTaskResponse } from '../../../wire/generated/zisk_distributed_api.js';

/** The worker said that it cannot do what it was asked. */
export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure';
}

/** Nobody wants the answer any more. */
export class RequestAbandoned extends Error {
  override readonly name = 'RequestAbandoned';
}

/** The request could not be sent: the connection is over, or too much waits for it. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
}

interface OpenRequest {
  readonly request: ExecuteTaskRequest;
  /** Takes one answer; true when it was the last. */
  readonly take: (answer: ExecuteTaskResponse) => boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Requests to one third-party worker, one at a time. Its answers name job and task type and nothing else, so
 * an answer belongs to the open request of that job and type; any other is dropped.
 */
export class WorkerRequests {
  private open: OpenRequest | null = null;
  /** The partition that the worker has contributed to last and may prove: job and units; null where it has to begin anew. */
  private partition: string | null = null;
  private hasAbandoned = false;

  constructor(private readonly send: (request: ExecuteTaskRequest) => boolean) {}

  /** An answer to a request that was abandoned may still come, and look like one to the open request. */
  get isDoubtful(): boolean {
    return this.hasAbandoned;
  }

  hasContributed(job: JobId, units: readonly number[]): boolean {
    return this.partition === partitionKey(job, units);
  }

  /** The worker has contributed this partition, and with that it has left behind all it was asked before. */
  contributed(job: JobId, units: readonly number[]): void {
    this.partition = partitionKey(job, units);
    this.hasAbandoned = false;
  }

  /**
   * Sends a request and gives its answers to `take` until that returns true.
   *
   * @throws WorkerFailure, RequestAbandoned, NotSent, and what `take` throws
   */
  ask(request: ExecuteTaskRequest, take: OpenRequest['take']): Promise<void> {
    return new Promise((resolve, reject) => {
      this.open = { request, take, resolve, reject };
      if (this.send(request)) return;
      this.open = null;
      reject(new NotSent('the request could not be sent'));
    });
  }

  /** False where the answer belongs to no open request. */
  answer(response: ExecuteTaskResponse): boolean {
    const open = this.open;
    if (!open || response.jobId !== open.request.jobId || response.taskType !== open.request.taskType) return false;
    if (!response.success) {
      this.fail(open, new WorkerFailure(response.errorMessage || 'the prover gives no reason'));
      return true;
    }
    try {
      if (!open.take(response)) return true;
      this.open = null;
      open.resolve();
    } catch (error) {
      this.fail(open, error);
    }
    return true;
  }

  /** The worker reports an error of a job. False where it was asked nothing about it. */
  failed(jobId: string, reason: string): boolean {
    const open = this.open;
    if (!open || jobId !== open.request.jobId) return false;
    this.fail(open, new WorkerFailure(reason || 'the prover gives no reason'));
    return true;
  }

  /** Gives up the open request, if there is one; true where there was. The worker begins the job anew if it gets it again. */
  abandon(): boolean {
    const open = this.open;
    if (!open) return false;
    this.hasAbandoned = true;
    this.fail(open, new RequestAbandoned('the request was taken back'));
    return true;
  }

  /** The worker was told to drop what it has of its job. */
  forgetPartition(): void {
    this.partition = null;
  }

  private fail(open: OpenRequest, error: unknown): void {
    this.open = null;
    this.partition = null;
    open.reject(error);
  }
}

function partitionKey(job: JobId, units: readonly number[]): string {
  return `${job} ${units.join(' ')}`;
}
