import { Metadata, ServerInterceptingCall, status, type ServerInterceptor } from '@grpc/grpc-js';
import type { Caller } from '../../domain/access/caller.js';
import { identify } from '../transport/callers.js';
import type { AccessControl, AccessRefusal, Judged, Presented } from './access-control.js';
import type { AuditLog } from './audit-log.js';
import { AUDITED_CALLS } from './audited-calls.js';
import { permissionOf, RPC_PERMISSIONS } from './permissions.js';
import type { RunningCall, RunningCalls } from './running-calls.js';

const CODES = { unauthenticated: status.UNAUTHENTICATED, forbidden: status.PERMISSION_DENIED };

type IncomingCall = Parameters<ServerInterceptor>[1];

/** Checks every call of every service by its headers, before anything of its messages is read. */
export function accessInterceptor(access: AccessControl, running: RunningCalls, audit: AuditLog): ServerInterceptor {
  return ({ path, requestStream, responseStream }, call) => {
    const permission = permissionOf(RPC_PERMISSIONS, path);
    const subjectOf = AUDITED_CALLS[path];
    let known: RunningCall | undefined;
    let caller: Caller | undefined;
    let request: unknown;
    let answer: unknown;
    const over = () => known && running.remove(known);
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, proceed) => {
            const presented = presentedBy(metadata, call);
            const judge = () => access.judge(permission, presented);
            const judged = judge();
            if ('refusal' in judged) return call.sendStatus(refused(judged.refusal));
            caller = judged.caller;
            identify(metadata, caller);
            // One answer to one request is soon over; the first key is made by a call that would be refused after it.
            if (requestStream || responseStream) {
              known = { judge: () => refusalOf(judge()), end: (why) => call.sendStatus(refused(why)) };
              running.add(known);
            }
            return proceed(metadata);
          },
          onReceiveMessage: (message, proceed) => {
            if (subjectOf) request = message;
            proceed(message);
          },
          onCancel: over,
        }),
      sendMessage: (message, next) => {
        if (subjectOf) answer = message;
        next(message);
      },
      sendStatus: (outcome, next) => {
        over();
        if (subjectOf && caller) {
          const subject = subjectOf((request ?? {}) as Readonly<Record<string, unknown>>, answer);
          const address = call.getConnectionInfo().remoteAddress ?? '';
          audit.record({
            action: actionOf(path),
            caller: caller.name,
            address,
            subject,
            outcome: nameOf(outcome.code),
          });
        }
        next(outcome);
      },
    });
  };
}

/** `Service/Call`, without the package. */
function actionOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function nameOf(code: status | undefined): string {
  return status[code ?? status.UNKNOWN];
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
