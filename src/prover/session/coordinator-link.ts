import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { Backoff } from '../../lifecycle/backoff.js';
import { Random } from '../../lifecycle/random.js';
import { Timers, type CancelTimer } from '../../lifecycle/timers.js';
import { ZiskDistributedApiClient, type StatusInfoResponse } from '../../wire/generated/zisk_distributed_api.js';

const CALL_DEADLINE_MS = 5000;

/** Keeps this prover connected to its coordinator: tries until it answers, and again when it stops answering. */
@Injectable()
export class CoordinatorLink implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(CoordinatorLink.name);
  private readonly client: ZiskDistributedApiClient;
  private readonly backoff: Backoff;
  private cancelNext: CancelTimer = () => undefined;
  private connected = false;
  private stopped = false;

  constructor(
    private readonly settings: Settings,
    private readonly timers: Timers,
    random: Random,
  ) {
    const target = new URL(settings.server.url).host;
    this.client = new ZiskDistributedApiClient(target, credentials.createInsecure());
    this.backoff = new Backoff(random);
  }

  onApplicationBootstrap(): void {
    this.schedule();
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    this.cancelNext();
    this.client.close();
  }

  private schedule(): void {
    const delayMs = this.connected ? this.settings.leases.heartbeatIntervalMs : this.backoff.next();
    this.cancelNext = this.timers.after(delayMs, () => this.probe());
  }

  private probe(): void {
    const deadline = Date.now() + CALL_DEADLINE_MS;
    this.client.statusInfo({}, new Metadata(), { deadline }, (error, info) => {
      if (this.stopped) return;
      if (error) this.lost(error);
      else this.reached(info);
      this.schedule();
    });
  }

  private reached({ serviceName, version }: StatusInfoResponse): void {
    if (this.connected) return;
    this.connected = true;
    this.backoff.reset();
    this.log.log({ message: 'connected', coordinator: this.settings.server.url, serviceName, version });
    this.log.warn('This version of the prover takes no work over the network yet.');
  }

  private lost({ details }: ServiceError): void {
    if (this.connected) this.log.warn(`the coordinator at ${this.settings.server.url} does not answer: ${details}`);
    else this.log.debug(`no coordinator at ${this.settings.server.url} yet: ${details}`);
    this.connected = false;
  }
}
