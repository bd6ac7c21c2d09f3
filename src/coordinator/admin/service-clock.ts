import { Injectable } from '@nestjs/common';
import { Clock } from '../../lifecycle/clock.js';

/** When this process started serving, and for how long it has. */
@Injectable()
export class ServiceClock {
  readonly startedAtMs: number;
  private readonly startedMonotonicMs: number;

  constructor(private readonly clock: Clock) {
    this.startedAtMs = clock.wallMs();
    this.startedMonotonicMs = clock.monotonicMs();
  }

  uptimeMs(): number {
    return this.clock.monotonicMs() - this.startedMonotonicMs;
  }
}
