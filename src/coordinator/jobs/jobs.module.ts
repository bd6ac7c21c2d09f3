import { Module, type FactoryProvider } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { decide } from '../../domain/job/decide.js';
import { Clock } from '../../lifecycle/clock.js';
import { Timers } from '../../lifecycle/timers.js';
import { StoreModule } from '../store/store.module.js';
import { TaskStore } from '../store/task-store.js';
import { AfterTick } from './defer.js';
import { JobCommandBus } from './job-command-bus.js';
import { JobWork } from './job-work.js';
import { JobsOptions, jobsOptions } from './jobs.options.js';
import { JobViews } from './job-views.js';
import { JobsService } from './jobs.service.js';

const bus: FactoryProvider = {
  provide: JobCommandBus,
  inject: [TaskStore, JobWork, Clock, Timers, JobsOptions],
  useFactory: (store: TaskStore, work: JobWork, clock: Clock, timers: Timers, options: JobsOptions) =>
    new JobCommandBus({ store, work, decide, clock, timers, defer: new AfterTick(), options }),
};

const views: FactoryProvider = {
  provide: JobViews,
  inject: [JobCommandBus, TaskStore, Clock],
  useFactory: (jobs: JobCommandBus, store: TaskStore, clock: Clock) =>
    new JobViews(jobs, store, clock, new AfterTick()),
};

/** Jobs: submitted, watched, cancelled, reported on. Needs a {@link JobWork} from outside. */
@Module({
  imports: [StoreModule],
  providers: [bus, views, { provide: JobsOptions, inject: [Settings], useFactory: jobsOptions }, JobsService],
  exports: [StoreModule, JobCommandBus, JobsService],
})
export class JobsModule {}
