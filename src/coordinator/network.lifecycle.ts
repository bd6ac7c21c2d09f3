import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { JobEngine } from './jobs/job-engine.js';
import { TaskScheduler } from './scheduler/task-scheduler.js';
import { TaskStore } from './store/task-store.js';

/** Starts and stops jobs, scheduler and store in the order in which they need each other. */
@Injectable()
export class NetworkLifecycle implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly scheduler: TaskScheduler,
    private readonly engine: JobEngine,
    private readonly store: TaskStore,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.scheduler.start();
    await this.engine.start();
  }

  beforeApplicationShutdown(): void {
    this.scheduler.stopAssigning();
  }

  async onApplicationShutdown(): Promise<void> {
    this.scheduler.stop();
    await this.engine.close();
    await this.store.close();
  }
}
