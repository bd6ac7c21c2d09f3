import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { TaskScheduler } from '../scheduler/task-scheduler.js';
import { Readiness } from '../transport/readiness.js';

/**
 * Health over HTTP, for what cannot speak gRPC. `/healthz` and `/readyz`: whether new work is taken, and why not.
 * `/livez`: whether the process answers at all; what is wrong elsewhere is no reason to start it again.
 */
@Controller()
export class HealthHttpController {
  constructor(
    private readonly readiness: Readiness,
    private readonly scheduler: TaskScheduler,
  ) {}

  @Get(['healthz', 'readyz'])
  ready(@Res() response: ServerResponse): void {
    const { ready, status, troubles } = this.readiness;
    const provers = this.scheduler.connected().length;
    const waits = ready && provers === 0 ? { note: 'no prover is connected: jobs are accepted and wait' } : {};
    const body = { status, provers, ...waits, ...(troubles.length > 0 && { troubles }) };
    answer(response, ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, body);
  }

  @Get('livez')
  live(@Res() response: ServerResponse): void {
    answer(response, HttpStatus.OK, { status: 'alive' });
  }
}

function answer(response: ServerResponse, code: HttpStatus, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
