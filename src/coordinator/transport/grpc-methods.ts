import {
  Metadata,
  status,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { firstValueFrom, isObservable } from 'rxjs';
import { withCorrelation } from '../../logging/correlation.js';
import { newCorrelationId, toStatus } from './grpc-errors.js';
import { writeAll } from './outbound.js';

/** A controller's method as Nest hands it over, with its pipes, guards and filters around it. */
export type CallHandler = (...args: unknown[]) => unknown;

type Implementation = UntypedServiceImplementation[string];
type ServerStreamCall = ServerWritableStream<unknown, unknown>;
type ClientStreamCall = ServerReadableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>;

/** One request, one answer. A handler without a value answers with the empty message. */
export function unaryMethod(handler: CallHandler): Implementation {
  return (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) => {
    void correlated(call, async () => {
      try {
        const result: unknown = await handler(call.request, call.metadata, call);
        callback(null, await valueOf(result));
      } catch (error) {
        callback(toStatus(error));
      }
    });
  };
}

/** One request, many answers: the handler returns an Observable or an async iterable; a slow reader slows it down. */
export function serverStreamMethod(handler: CallHandler): Implementation {
  return (call: ServerStreamCall) => {
    void correlated(call, async () => {
      call.sendMetadata(new Metadata());
      try {
        await writeAll(await handler(call.request, call.metadata, call), call);
        call.end();
      } catch (error) {
        call.emit('error', toStatus(error));
      }
    });
  };
}

/**
 * Many requests: the handler gets the call itself. Response headers go out at once, because peers wait for them before
 * their first message. A handler that throws or rejects ends the call with a status.
 */
export function clientStreamMethod(handler: CallHandler): Implementation {
  return (call: ClientStreamCall, callback?: sendUnaryData<unknown>) => {
    void correlated(call, async () => {
      call.sendMetadata(new Metadata());
      try {
        const result: unknown = await handler(call, callback);
        const value = isObservable(result) ? await valueOf(result) : result;
        if (callback && value !== undefined) callback(null, value);
      } catch (error) {
        const failure = toStatus(error);
        if (callback) callback(failure);
        else call.emit('error', failure);
      }
    });
  };
}

/** A call of the schema that this version does not serve. */
export function missingMethod({ path, responseStream }: ServiceDefinition[string]): Implementation {
  const failure = {
    code: status.UNIMPLEMENTED,
    details: `${path.slice(1)} is not available in this version of the coordinator`,
  };
  return (call: { emit(event: 'error', error: unknown): void }, callback?: sendUnaryData<unknown>) => {
    if (responseStream || !callback) call.emit('error', failure);
    else callback(failure);
  };
}

function correlated(call: { getPeer(): string }, task: () => Promise<void>): Promise<void> {
  return withCorrelation(newCorrelationId(), task, call.getPeer());
}

async function valueOf(result: unknown): Promise<unknown> {
  return isObservable(result) ? firstValueFrom(result, { defaultValue: {} }) : (result ?? {});
}
