import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Readiness } from '../transport/readiness.js';

/** Health over HTTP, for what cannot speak gRPC. */
@Controller('healthz')
export class HealthHttpController {
  constructor(private readonly readiness: Readiness) {}

  @Get()
  health(@Res() response: ServerResponse): void {
    const { ready } = this.readiness;
    response.writeHead(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: ready ? 'serving' : 'draining' }));
  }
}
