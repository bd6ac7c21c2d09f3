import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { JobId } from '../../../domain/ids.js';
import { CoordinatorMessage, type ProverMessage } from '../../../wire/generated/zisk_distributed_api.js';
import type { CloseReason } from '../../scheduler/prover-channel.js';
import { closeStatus } from '../sessions/close-status.js';
import { OutboundQueue } from '../sessions/outbound-queue.js';

export type ProverCall = ServerDuplexStream<ProverMessage, CoordinatorMessage>;
export type Payload = NonNullable<CoordinatorMessage['payload']>;

/** The way to a prover over its stream: what provers of every kind understand. */
export class StreamChannel {
  private readonly queue: OutboundQueue<CoordinatorMessage>;
  private ended = false;

  constructor(
    private readonly call: ProverCall,
    onRoom: () => void,
  ) {
    const write = (message: CoordinatorMessage) => !this.ended && call.write(message);
    const sink = { write, onDrain: (listener: () => void) => void call.on('drain', listener) };
    this.queue = new OutboundQueue(sink, (message) => CoordinatorMessage.encode(message).finish().length, onRoom);
  }

  readonly hasRoom = (): boolean => !this.ended && this.queue.hasRoom;

  readonly jobOver: (job: JobId, reason: string) => void = (jobId, reason) => {
    this.send({ $case: 'jobCancelled', value: { jobId, reason } });
  };

  /** A replaced prover learns by the status that it must not come back; any other may. */
  readonly close = (reason: CloseReason, message: string): void => {
    if (this.ended) return;
    this.shutdown(message, 0);
    this.end();
    const why = closeStatus(reason, message);
    if (why) this.call.emit('error', why);
    else this.call.end();
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
