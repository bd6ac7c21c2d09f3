import type { ServiceError } from '@grpc/grpc-js';
import { toClientError } from './client.error.js';

type Callback<Response> = (error: ServiceError | null, response: Response) => void;

/** The answer of a unary call of a generated client. @throws ServiceError */
export function serviceAnswer<Response>(call: (done: Callback<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error ? reject(error) : resolve(response)));
  });
}

/** The same for applications. @throws ClientError */
export function unaryAnswer<Response>(call: (done: Callback<Response>) => unknown): Promise<Response> {
  return serviceAnswer(call).catch((error: unknown) => {
    throw toClientError(error);
  });
}
