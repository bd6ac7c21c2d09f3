import type { ServiceError } from '@grpc/grpc-js';

type Callback<Response> = (error: ServiceError | null, response: Response) => void;

/** The answer of a unary call of a generated client. */
export function answer<Response>(call: (callback: Callback<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error ? reject(error) : resolve(response)));
  });
}

/** Waits until `found` gives something, asking again after each turn of the event loop. The deadline measures nothing. */
export async function eventually<T>(
  found: () => Promise<T | false | undefined> | T | false | undefined,
  deadlineMs = 100_000,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const value = await found();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error('what was waited for did not happen');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
