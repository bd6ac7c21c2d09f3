import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Timers, type CancelTimer } from '../../lifecycle/timers.js';
import type { AccessRefusal } from './access-control.js';
import { KeyRing } from './key-ring.js';

/** A call that is being served. */
export interface RunningCall {
  /** Why it would not be served now; null where it would. */
  readonly judge: () => AccessRefusal | null;
  readonly end: (why: AccessRefusal) => void;
}

/** A key that has expired ends its calls within this time; one that was revoked, at once. */
const LOOK_MS = 5_000;

/** Ends calls whose key opens nothing any more: streams may last for days. */
@Injectable()
export class RunningCalls implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly calls = new Set<RunningCall>();
  private stop: CancelTimer = () => undefined;

  constructor(
    keys: KeyRing,
    private readonly timers: Timers,
  ) {
    keys.listen(() => this.look());
  }

  onApplicationBootstrap(): void {
    this.stop = this.timers.every(LOOK_MS, () => this.look());
  }

  onApplicationShutdown(): void {
    this.stop();
  }

  add(call: RunningCall): void {
    this.calls.add(call);
  }

  remove(call: RunningCall): void {
    this.calls.delete(call);
  }

  private look(): void {
    for (const call of this.calls) {
      const refusal = call.judge();
      if (refusal) call.end(refusal);
    }
  }
}
