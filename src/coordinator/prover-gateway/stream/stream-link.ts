import type { ServerDuplexStream } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import type { JobId } from '../../../domain/ids.js';
import type { Assignment } from '../../../domain/job/effect.js';
import type { JobState } from '../../../domain/job/job-state.js';
import { taskKey, type TaskRef } from '../../../domain/job/task.js';
import type { GrantId } from '../../../domain/session/lease-table.js';
import { CoordinatorMessage, type ProverMessage } from '../../../wire/generated/zisk_distributed_api.js';
import { StatusError } from '../../../wire/status-mapping.js';
import { toExecuteTask } from '../../../wire/stream/assignment.js';
import type { CloseReason, ProverLink } from '../../scheduler/prover-link.js';
import { OutboundQueue } from '../sessions/outbound-queue.js';

export type ProverCall = ServerDuplexStream<ProverMessage, CoordinatorMessage>;
export type Payload = NonNullable<CoordinatorMessage['payload']>;

/** The way to a prover over its stream. */
export class StreamLink implements ProverLink {
  private readonly queue: OutboundQueue<CoordinatorMessage>;
  private ended = false;

  /** @param isOurs whether the prover speaks the extensions; only then it gets work */
  constructor(
    private readonly call: ProverCall,
    private readonly isOurs: boolean,
    onRoom: () => void,
  ) {
    const write = (message: CoordinatorMessage) => !this.ended && call.write(message);
    const sink = { write, onDrain: (listener: () => void) => void call.on('drain', listener) };
    this.queue = new OutboundQueue(sink, (message) => CoordinatorMessage.encode(message).finish().length, onRoom);
  }

  readonly accepts = (_job: JobState): boolean => this.isOurs;

  readonly hasRoom = (): boolean => !this.ended && this.queue.hasRoom;

  readonly assign = (assignment: Assignment): boolean =>
    this.send({ $case: 'executeTask', value: toExecuteTask(assignment) });

  readonly revoke = ({ job, epoch }: GrantId, tasks: readonly TaskRef[], reason: string): void => {
    if (!this.isOurs) return;
    const value = { jobId: job, epoch: BigInt(epoch), taskIds: tasks.map(taskKey), reason };
    this.send({ $case: 'revoke', value });
  };

  readonly jobOver = (job: JobId, reason: string): void => {
    this.send({ $case: 'jobCancelled', value: { jobId: job, reason } });
  };

  readonly drain = (reason: string): void => {
    if (this.isOurs) this.send({ $case: 'drain', value: { reason } });
    else this.shutdown(reason, 0);
  };

  /** A replaced prover learns by the status that it must not come back; any other may. */
  readonly close = (reason: CloseReason, message: string): void => {
    if (this.ended) return;
    this.shutdown(message, 0);
    this.ended = true;
    if (reason === 'shutdown') this.call.end();
    else this.call.emit('error', new StatusError(CLOSE_STATUS[reason], message));
  };

  shutdown(reason: string, gracePeriodSeconds: number): void {
    this.send({ $case: 'shutdown', value: { reason, gracePeriodSeconds } });
  }

  /** False where the message could not be queued. */
  send(payload: Payload): boolean {
    return !this.ended && this.queue.push({ payload });
  }

  /** The stream is over: nothing is written any more. */
  end(): void {
    this.ended = true;
  }
}

const CLOSE_STATUS = { replaced: status.ABORTED, silent: status.DEADLINE_EXCEEDED };
