import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { AuditEntry, AuditQuery, NewAuditEntry } from '../../domain/access/audit-entry.js';
import { Clock } from '../../lifecycle/clock.js';
import { errorMessage } from '../../lifecycle/system-error.js';
import { Timers } from '../../lifecycle/timers.js';
import { AccessStore } from '../store/access-store.js';

/** Entries wait this long for others, so that many calls cost one write to the disk. */
const GATHER_MS = 200;

/** Who did what from where. What was done in the last moment before a crash may be missing. */
@Injectable()
export class AuditLog implements OnApplicationShutdown {
  private readonly log = new Logger('AuditLog');
  private waiting: NewAuditEntry[] = [];

  constructor(
    private readonly store: AccessStore,
    private readonly clock: Clock,
    private readonly timers: Timers,
  ) {}

  record(entry: Omit<NewAuditEntry, 'atMs'>): void {
    this.waiting.push({ ...entry, atMs: this.clock.wallMs() });
    if (this.waiting.length === 1) this.timers.after(GATHER_MS, () => void this.write());
  }

  async entries(query: AuditQuery): Promise<AuditEntry[]> {
    await this.write();
    return this.store.auditLog(query);
  }

  onApplicationShutdown(): Promise<void> {
    return this.write();
  }

  private async write(): Promise<void> {
    const entries = this.waiting;
    this.waiting = [];
    if (entries.length === 0) return;
    // Where it cannot be kept, the log of the process has it.
    await this.store.audit(entries).catch((error: unknown) => {
      this.log.error({ message: 'the audit log cannot be written', reason: errorMessage(error), entries });
    });
  }
}
