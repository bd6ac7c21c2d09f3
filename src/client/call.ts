import type { ServiceError } from '@grpc/grpc-js';
import { toClientError } from './client.error.js';

type Callback<Response> = (error: ServiceError | null, response: Response) => void;

/** Makes one call; what it returns can end it. */
type Send<Response> = (done: Callback<Response>) => { cancel(): void };

/**
 * The answer of a call of a generated client.
 * @param signal ends the call
 * @throws ServiceError
 */
export function serviceAnswer<Response>(send: Send<Response>, signal?: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    const cancel = () => call.cancel();
    const call = send((error, response) => {
      signal?.removeEventListener('abort', cancel);
      if (error) reject(error);
      else resolve(response);
    });
    if (signal?.aborted) cancel();
    else signal?.addEventListener('abort', cancel, { once: true });
  });
}

/** The same for applications. @throws ClientError */
export function unaryAnswer<Response>(send: Send<Response>, signal?: AbortSignal): Promise<Response> {
  return serviceAnswer(send, signal).catch((error: unknown) => {
    throw toClientError(error);
  });
}
