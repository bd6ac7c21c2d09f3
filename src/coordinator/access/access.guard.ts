import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpException, HttpStatus, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { AccessControl } from './access-control.js';
import { permissionOf, ROUTE_PERMISSIONS } from './permissions.js';

/** Express's request, as far as it is used here. */
interface RoutedRequest extends IncomingMessage {
  readonly route: { readonly path: string };
}

const STATUS = { unauthenticated: HttpStatus.UNAUTHORIZED, forbidden: HttpStatus.FORBIDDEN };

/** Checks every request of the HTTP side, before anything of its body is read. */
export class AccessGuard implements CanActivate {
  constructor(private readonly access: AccessControl) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const request = http.getRequest<RoutedRequest>();
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const permission = permissionOf(ROUTE_PERMISSIONS, `${method} ${request.route.path}`);
    const { authorization } = request.headers;
    const judged = this.access.judge(permission, { authorization, address: request.socket.remoteAddress ?? '' });
    if (!('refusal' in judged)) return true;
    const { kind, message } = judged.refusal;
    if (kind === 'unauthenticated') {
      http.getResponse<ServerResponse>().setHeader('www-authenticate', 'Bearer realm="proofloom"');
    }
    throw new HttpException(message, STATUS[kind]);
  }
}
