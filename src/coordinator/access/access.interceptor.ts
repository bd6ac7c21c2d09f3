import { Metadata, ServerInterceptingCall, status, type ServerInterceptor } from '@grpc/grpc-js';
import { identify } from '../transport/callers.js';
import type { AccessControl, AccessRefusal, Judged, Presented } from './access-control.js';
import { permissionOf, RPC_PERMISSIONS } from './permissions.js';
import type { RunningCall, RunningCalls } from './running-calls.js';

const CODES = { unauthenticated: status.UNAUTHENTICATED, forbidden: status.PERMISSION_DENIED };

type IncomingCall = Parameters<ServerInterceptor>[1];

/** Checks every call of every service by its headers, before anything of its messages is read. */
export function accessInterceptor(access: AccessControl, running: RunningCalls): ServerInterceptor {
  return ({ path, requestStream, responseStream }, call) => {
    const permission = permissionOf(RPC_PERMISSIONS, path);
    let known: RunningCall | undefined;
    const over = () => known && running.remove(known);
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, proceed) => {
            const presented = presentedBy(metadata, call);
            const judge = () => access.judge(permission, presented);
            const judged = judge();
            if ('refusal' in judged) return call.sendStatus(refused(judged.refusal));
            identify(metadata, judged.caller);
            // One answer to one request is soon over; the first key is made by a call that would be refused after it.
            if (requestStream || responseStream) {
              known = { judge: () => refusalOf(judge()), end: (why) => call.sendStatus(refused(why)) };
              running.add(known);
            }
            return proceed(metadata);
          },
          onCancel: over,
        }),
      sendStatus: (outcome, next) => {
        over();
        next(outcome);
      },
    });
  };
}

function presentedBy(metadata: Metadata, call: IncomingCall): Presented {
  const values = metadata.get('authorization');
  const [first] = values;
  // Two of them are none: it would be open which of them was meant.
  const authorization = first === undefined ? undefined : values.length === 1 ? String(first) : '';
  return { authorization, address: call.getConnectionInfo().remoteAddress ?? '' };
}

function refusalOf(judged: Judged): AccessRefusal | null {
  return 'refusal' in judged ? judged.refusal : null;
}

function refused({ kind, message }: AccessRefusal) {
  return { code: CODES[kind], details: message, metadata: new Metadata() };
}
