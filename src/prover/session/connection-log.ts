import { status } from '@grpc/grpc-js';
import { Logger } from '@nestjs/common';
import type { Clock } from '../../lifecycle/clock.js';

/** How long a warning holds, first and at most: each holds twice as long as the one before. */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** Tells whoever reads the log that no coordinator is reached: at once, then ever more rarely; and that one is at last. */
export class ConnectionLog {
  private readonly log = new Logger('ProverConnection');
  private failingSinceMs: number | null = null;
  private pauseMs = FIRST_PAUSE_MS;
  private quietUntilMs = 0;

  constructor(
    private readonly coordinator: string,
    private readonly clock: Clock,
  ) {}

  /** An attempt to connect has failed; others follow. */
  failed(reason: string, code?: status): void {
    const { coordinator } = this;
    const nowMs = this.clock.monotonicMs();
    this.failingSinceMs ??= nowMs;
    if (nowMs < this.quietUntilMs) return this.log.debug({ message: 'no connection yet', coordinator, reason });
    const forSeconds = this.secondsSince(this.failingSinceMs);
    this.log.warn({ message: 'cannot connect', coordinator, reason, forSeconds, hint: hintFor(code) });
    this.quietUntilMs = nowMs + this.pauseMs;
    this.pauseMs = Math.min(2 * this.pauseMs, LONGEST_PAUSE_MS);
  }

  /** The coordinator has accepted this prover. */
  connected(fields: Readonly<Record<string, unknown>>): void {
    const { coordinator } = this;
    const waited = this.failingSinceMs === null ? {} : { afterSeconds: this.secondsSince(this.failingSinceMs) };
    this.log.log({ message: 'connected', coordinator, ...fields, ...waited });
    this.failingSinceMs = null;
    this.quietUntilMs = 0;
    this.pauseMs = FIRST_PAUSE_MS;
  }

  lost(reason: string): void {
    this.log.warn({ message: 'connection lost', coordinator: this.coordinator, reason });
  }

  private secondsSince(beganMs: number): number {
    return Math.round((this.clock.monotonicMs() - beganMs) / 1000);
  }
}

const HINT = 'it tries again by itself; check that a coordinator listens there, and --url or DISTRIBUTED_SERVER_URL';
const KEY_HINT =
  'it tries again by itself; stop it and give it a key of its own with --key-file or DISTRIBUTED_KEY_FILE';

function hintFor(code: status | undefined): string {
  return code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED ? KEY_HINT : HINT;
}
