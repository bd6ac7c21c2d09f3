import type { ServerDuplexStream } from '@grpc/grpc-js';
import { Observable } from 'rxjs';

/** Messages of one stream that may be in work at once; then reading pauses until one is done. */
const MAX_IN_WORK = 32;

/**
 * Hands each message of a stream to `handle`, in order, and pauses reading while too many are in work. Emits nothing;
 * completes when the peer has ended or is gone, fails with what `handle` rejects with.
 */
export function inbound<Request, Response>(
  call: ServerDuplexStream<Request, Response>,
  handle: (message: Request) => Promise<void>,
): Observable<never> {
  return new Observable((subscriber) => {
    let inWork = 0;
    const take = (message: Request) => {
      inWork += 1;
      if (inWork >= MAX_IN_WORK) call.pause();
      void handle(message)
        .catch((error: unknown) => subscriber.error(error))
        .finally(() => {
          inWork -= 1;
          if (inWork < MAX_IN_WORK) call.resume();
        });
    };
    const end = () => subscriber.complete();
    call.on('data', take);
    call.on('end', end);
    call.on('cancelled', end);
    call.on('error', end);
    return () => {
      call.off('data', take);
      // Whatever still comes is dropped; unread it would hold the connection.
      call.resume();
    };
  });
}
