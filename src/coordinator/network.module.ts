import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Global, Module, type FactoryProvider } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { ContentStore } from '../content/content-store.js';
import { decide } from '../domain/job/decide.js';
import { Clock } from '../lifecycle/clock.js';
import { Random } from '../lifecycle/random.js';
import { Timers } from '../lifecycle/timers.js';
import { TurnEnd } from './jobs/defer.js';
import { JobEngine } from './jobs/job-engine.js';
import { JobWork } from './jobs/job-work.js';
import { JobsOptions } from './jobs/jobs.options.js';
import { JobsService } from './jobs/jobs.service.js';
import { KernelJobWork } from './kernel-work/kernel-job-work.js';
import { NetworkLifecycle } from './network.lifecycle.js';
import { jobsOptions, schedulerOptions } from './network.options.js';
import { TaskScheduler } from './scheduler/task-scheduler.js';
import { MemoryStore } from './store/memory/memory-store.js';
import { SqliteStore } from './store/sqlite/sqlite-store.js';
import { TaskStore } from './store/task-store.js';

const SQLITE = 'sqlite:';

const content: FactoryProvider = {
  provide: ContentStore,
  inject: [Settings, Random],
  useFactory: ({ dataDir, jobs }: Settings, random: Random) =>
    new ContentStore({ folder: join(dataDir, 'artifacts'), maxBytes: jobs.maxArtifactBytes }, random),
};

const store: FactoryProvider = {
  provide: TaskStore,
  inject: [Settings],
  useFactory: ({ storeUrl }: Settings): TaskStore => {
    if (!storeUrl.startsWith(SQLITE)) return new MemoryStore();
    const path = storeUrl.slice(SQLITE.length);
    mkdirSync(dirname(path), { recursive: true });
    return new SqliteStore(path);
  },
};

const engine: FactoryProvider = {
  provide: JobEngine,
  inject: [TaskStore, JobWork, Clock, Timers, JobsOptions],
  useFactory: (tasks: TaskStore, work: JobWork, clock: Clock, timers: Timers, options: JobsOptions) =>
    new JobEngine({ store: tasks, work, decide, clock, timers, defer: new TurnEnd(), options }),
};

const scheduler: FactoryProvider = {
  provide: TaskScheduler,
  inject: [JobEngine, TaskStore, Clock, Timers, Settings],
  useFactory: (jobs: JobEngine, tasks: TaskStore, clock: Clock, timers: Timers, settings: Settings) =>
    new TaskScheduler({
      engine: jobs,
      store: tasks,
      clock,
      timers,
      defer: new TurnEnd(),
      options: schedulerOptions(settings),
    }),
};

/** Jobs, scheduler, store and artifacts, wired together. */
@Global()
@Module({
  providers: [
    content,
    store,
    engine,
    scheduler,
    { provide: JobWork, useClass: KernelJobWork },
    { provide: JobsOptions, inject: [Settings], useFactory: jobsOptions },
    JobsService,
    NetworkLifecycle,
  ],
  exports: [ContentStore, TaskStore, JobEngine, TaskScheduler, JobsService],
})
export class NetworkModule {}
