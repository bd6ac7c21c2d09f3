import type { ServiceError } from '@grpc/grpc-js';
import { toClientError } from './client.error.js';

export type Callback<Response> = (error: ServiceError | null, response: Response) => void;

/** The answer of a unary call of a generated client. @throws ClientError */
export function unaryAnswer<Response>(call: (done: Callback<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error ? reject(toClientError(error)) : resolve(response)));
  });
}
