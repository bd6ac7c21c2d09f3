import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Clock } from '../lifecycle/clock.js';
import { DataDirectory } from './store/data-directory.js';
import { NetworkLog } from './events/network-log.js';
import { JobCommandBus } from './jobs/job-command-bus.js';
import { TaskScheduler } from './scheduler/task-scheduler.js';
import { startProblems } from './store/start-checks.js';
import { TaskStore } from './store/task-store.js';

/** Starts and stops jobs, scheduler and store in the order in which they need each other. */
@Injectable()
export class NetworkLifecycle implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  private stoppingMs = 0;

  constructor(
    private readonly scheduler: TaskScheduler,
    private readonly bus: JobCommandBus,
    private readonly store: TaskStore,
    private readonly log: NetworkLog,
    private readonly clock: Clock,
    private readonly data: DataDirectory,
  ) {}

  async onModuleInit(): Promise<void> {
    this.log.follow(this.bus, this.scheduler);
    for (const { reason, hint } of startProblems(this.store, this.data.artifacts)) this.log.found(reason, hint);
    await this.scheduler.start();
    await this.bus.start();
  }

  beforeApplicationShutdown(signal = ''): void {
    this.stoppingMs = this.clock.monotonicMs();
    this.log.stopping(signal, this.bus.open);
    this.scheduler.stopAssigning();
  }

  async onApplicationShutdown(): Promise<void> {
    this.scheduler.stop();
    await this.bus.close();
    await this.store.close();
    this.data.release();
    this.log.stopped(Math.round(this.clock.monotonicMs() - this.stoppingMs));
  }
}
