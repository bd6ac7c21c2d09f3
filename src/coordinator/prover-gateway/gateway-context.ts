import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { PRODUCT_VERSION, PROTOCOL_VERSION } from '../../config/product.js';
import { Settings } from '../../config/settings.js';
import { KernelService } from '../../kernel/kernel.service.js';
import { Clock } from '../../lifecycle/clock.js';
import { Random } from '../../lifecycle/random.js';
import { Timers } from '../../lifecycle/timers.js';
import { errorMessage } from '../../lifecycle/system-error.js';
import { TaskScheduler } from '../scheduler/task-scheduler.js';
import { PublishedPeers } from './published/published-peers.js';
import { Incumbents } from './sessions/incumbents.js';
import { ProverReports } from './sessions/prover-reports.js';

/** The extensions that this coordinator speaks. */
const FEATURES = ['result-ack', 'revoke', 'drain', 'artifacts'] as const;

/** What every prover's session works with, whatever its transport. */
@Injectable()
export class GatewayContext implements OnApplicationBootstrap {
  readonly log = new Logger('ProverGateway');
  readonly softwareVersion = PRODUCT_VERSION;
  readonly protocolVersion = PROTOCOL_VERSION;
  readonly features: readonly string[] = FEATURES;
  readonly incumbents = new Incumbents();
  readonly heartbeatIntervalMs: number;
  /** A prover that says nothing for this long has lost what it holds. */
  readonly leaseMs: number;
  /** SHA-256 of the kernel's binary; empty where it cannot be read. */
  kernelDigest = '';

  constructor(
    readonly scheduler: TaskScheduler,
    readonly reports: ProverReports,
    readonly published: PublishedPeers,
    readonly clock: Clock,
    readonly timers: Timers,
    readonly random: Random,
    settings: Settings,
    private readonly kernel: KernelService,
  ) {
    this.heartbeatIntervalMs = settings.leases.heartbeatIntervalMs;
    this.leaseMs = settings.leases.leaseMs;
  }

  /** Why a prover of ours cannot work here: another kernel makes other proofs, so it could only do harm. */
  kernelRefusal(digest: string): string | null {
    const ours = this.kernelDigest;
    if (ours === '' || digest === ours) return null;
    return `the prover's kernel is ${digest || 'unknown'} and the coordinator's is ${ours}: install the same version`;
  }

  async onApplicationBootstrap(): Promise<void> {
    try {
      this.kernelDigest = (await this.kernel.binary()).digest;
    } catch (error) {
      this.log.error(`jobs cannot be proven: ${errorMessage(error)}`);
    }
  }
}
