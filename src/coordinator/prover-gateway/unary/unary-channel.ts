import type { Observable } from 'rxjs';
import type { JobId } from '../../../domain/ids.js';
import type { AssignmentContent } from '../../../domain/job/effect.js';
import type { TaskRef } from '../../../domain/job/task.js';
import type { AssignmentId } from '../../../domain/session/lease-table.js';
import type { Clock } from '../../../lifecycle/clock.js';
import type { StatusError } from '../../transport/status-error.js';
import { toCancellation, toJobCancellation, toTaskAssignment } from '../../../wire/unary/task-assignment.js';
import type { CloseReason, ProverChannel } from '../../scheduler/prover-channel.js';
import { closeStatus } from '../sessions/close-status.js';
import { TaskStream, type ReceiveTasksCall } from './task-stream.js';

/**
 * The way to a worker: its ReceiveTasks stream while it has one open, and the answers to its heartbeats. A worker
 * without a stream is there all the same; it is only given nothing.
 */
export class UnaryChannel implements ProverChannel {
  private stream: TaskStream | undefined;
  private noStreamSinceMs: number | null;
  private isDraining = false;

  /**
   * @param fetches whether the worker takes the list of commitments as an artifact
   * @param onRoom something may be sent again
   * @param onClosed the scheduler ends the session
   */
  constructor(
    private readonly clock: Clock,
    private readonly fetches: boolean,
    private readonly onRoom: () => void,
    private readonly onClosed: (reason: CloseReason, message: string) => void,
  ) {
    this.noStreamSinceMs = clock.attentiveMs();
  }

  /** Whether the worker was asked to finish and to leave. */
  get drains(): boolean {
    return this.isDraining;
  }

  /** How long the worker has been without a stream. */
  get withoutStreamMs(): number {
    return this.noStreamSinceMs === null ? 0 : this.clock.attentiveMs() - this.noStreamSinceMs;
  }

  /** Whether the worker has its stream open. */
  get receives(): boolean {
    return this.stream !== undefined;
  }

  readonly accepts = (): boolean => true;

  readonly hasRoom = (): boolean => this.stream?.hasRoom ?? false;

  readonly assign = (assignment: AssignmentContent): boolean =>
    this.stream?.send({ $case: 'assignment', value: toTaskAssignment(assignment, this.fetches) }) ?? false;

  /** Lost with the stream: the next heartbeat names assignments that have ended. */
  readonly revoke = (assignment: AssignmentId, tasks: readonly TaskRef[], reason: string): void => {
    this.stream?.send({ $case: 'cancellation', value: toCancellation(assignment, tasks, reason) });
  };

  readonly jobOver = (job: JobId, reason: string): void => {
    this.stream?.send({ $case: 'cancellation', value: toJobCancellation(job, reason) });
  };

  readonly drain = (): void => {
    this.isDraining = true;
  };

  readonly close = (reason: CloseReason, message: string): void => {
    this.end(closeStatus(reason, message));
    this.onClosed(reason, message);
  };

  /**
   * The worker's stream, from now on the only one; it begins with what the worker holds already.
   * @returns what ends with the call
   */
  open(call: ReceiveTasksCall, heldAssignments: readonly AssignmentContent[]): Observable<never> {
    this.end();
    const stream: TaskStream = new TaskStream(call, this.onRoom, () => {
      if (this.stream !== stream) return;
      this.stream = undefined;
      this.noStreamSinceMs = this.clock.attentiveMs();
    });
    this.stream = stream;
    this.noStreamSinceMs = null;
    for (const assignment of heldAssignments) this.assign(assignment);
    this.onRoom();
    return stream.untilOver();
  }

  /** Ends the stream, if there is one. */
  end(why?: StatusError): void {
    this.stream?.end(why);
  }
}
