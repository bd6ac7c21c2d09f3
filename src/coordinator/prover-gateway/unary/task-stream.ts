import type { ServerWritableStream } from '@grpc/grpc-js';
import { Observable, type Subscriber } from 'rxjs';
import { ReceiveTasksResponse, type ReceiveTasksRequest } from '../../../wire/generated/coordinator/coordinator.js';
import type { StatusError } from '../../transport/status-error.js';
import { OutboundQueue } from '../sessions/outbound-queue.js';

export type ReceiveTasksCall = ServerWritableStream<ReceiveTasksRequest, ReceiveTasksResponse>;
export type TaskEvent = NonNullable<ReceiveTasksResponse['event']>;

/** One ReceiveTasks call: what is pushed to its worker, and its end. */
export class TaskStream {
  private readonly queue: OutboundQueue<ReceiveTasksResponse>;
  private subscriber: Subscriber<never> | undefined;
  private why: StatusError | undefined;
  private over = false;

  /** @param onOver the worker, or the connection to it, is gone; or the call was ended from this side */
  constructor(
    call: ReceiveTasksCall,
    onRoom: () => void,
    private readonly onOver: () => void,
  ) {
    const write = (message: ReceiveTasksResponse) => !this.over && call.write(message);
    const sink = { write, onDrain: (listener: () => void) => void call.on('drain', listener) };
    this.queue = new OutboundQueue(sink, (message) => ReceiveTasksResponse.encode(message).finish().length, onRoom);
    if (call.cancelled) this.over = true;
    call.once('cancelled', () => this.end());
  }

  get hasRoom(): boolean {
    return !this.over && this.queue.hasRoom;
  }

  /** False where the message could not be queued. */
  send(event: TaskEvent): boolean {
    return !this.over && this.queue.push({ event });
  }

  /** Ends the call from this side: in good order, or with why. */
  end(why?: StatusError): void {
    if (this.over) return;
    this.over = true;
    this.why = why;
    this.onOver();
    if (this.subscriber) this.finish(this.subscriber);
  }

  /** Emits nothing and ends with the call. */
  untilOver(): Observable<never> {
    return new Observable((subscriber) => {
      this.subscriber = subscriber;
      if (this.over) this.finish(subscriber);
      return () => this.end();
    });
  }

  private finish(subscriber: Subscriber<never>): void {
    if (this.why) subscriber.error(this.why);
    else subscriber.complete();
  }
}
