import { once } from 'node:events';
import { status, type ServerWritableStream } from '@grpc/grpc-js';
import { isObservable, type Observable } from 'rxjs';
import { StatusError } from './status-error.js';

export type OutboundCall = ServerWritableStream<unknown, unknown>;

/** Messages that may wait for a slow reader of a pushed stream. */
export const MAX_WAITING_MESSAGES = 256;

/**
 * Writes everything a handler of a server stream returned; resolves when all is written or the caller is gone.
 * An async iterable is pulled as fast as the caller reads. An Observable pushes: a caller that falls too far behind
 * is cut off, so that it cannot fill the memory.
 * @throws StatusError RESOURCE_EXHAUSTED where the caller reads too slowly; whatever the source throws
 */
export async function writeAll(source: unknown, call: OutboundCall): Promise<void> {
  if (call.cancelled) return;
  if (isObservable(source)) return writePushed(source, call);
  if (isAsyncIterable(source)) return writePulled(source, call);
  call.write(source);
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

async function writePulled(source: AsyncIterable<unknown>, call: OutboundCall): Promise<void> {
  const iterator = source[Symbol.asyncIterator]();
  const gone = new Promise<undefined>((resolve) => call.once('cancelled', () => resolve(undefined)));
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), gone]);
      if (!next || next.done) return;
      if (!call.write(next.value)) await Promise.race([once(call, 'drain'), gone]);
    }
  } finally {
    // Not awaited: a generator that waits for its source would hold up the end of the call.
    void iterator.return?.().catch(() => undefined);
  }
}

async function writePushed(source: Observable<unknown>, call: OutboundCall): Promise<void> {
  const waiting: unknown[] = [];
  let writable = true;
  let ended = false;
  await new Promise<void>((resolve, reject) => {
    const flush = () => {
      writable = true;
      while (writable && waiting.length > 0) writable = call.write(waiting.shift());
      if (ended && waiting.length === 0) finish();
    };
    const finish = (error?: unknown) => {
      subscription.unsubscribe();
      call.off('drain', flush);
      if (error === undefined) resolve();
      else reject(error);
    };
    call.on('drain', flush);
    call.once('cancelled', () => finish());
    const subscription = source.subscribe({
      next: (value) => {
        if (writable) writable = call.write(value);
        else if (waiting.push(value) > MAX_WAITING_MESSAGES) queueMicrotask(() => finish(tooSlow()));
      },
      error: (error: unknown) => queueMicrotask(() => finish(error)),
      complete: () => {
        ended = true;
        if (waiting.length === 0) queueMicrotask(() => finish());
      },
    });
  });
}

function tooSlow(): StatusError {
  const why = `more than ${MAX_WAITING_MESSAGES} messages wait for this reader`;
  return new StatusError(
    status.RESOURCE_EXHAUSTED,
    `${why}; read faster, or watch again from the last sequence number`,
  );
}
