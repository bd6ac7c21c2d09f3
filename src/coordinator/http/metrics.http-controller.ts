import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { MetricsCollector } from '../metrics/metrics.collector.js';

/** Metrics for Prometheus and what reads its format. */
@Controller()
export class MetricsHttpController {
  constructor(private readonly metrics: MetricsCollector) {}

  @Get('metrics')
  async read(@Res() response: ServerResponse): Promise<void> {
    const text = await this.metrics.text();
    response.writeHead(HttpStatus.OK, { 'content-type': this.metrics.contentType });
    response.end(text);
  }
}
