import { Module, type FactoryProvider } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { Clock } from '../../lifecycle/clock.js';
import { Timers } from '../../lifecycle/timers.js';
import { AfterTick } from '../jobs/defer.js';
import { JobCommandBus } from '../jobs/job-command-bus.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { TaskStore } from '../store/task-store.js';
import { SchedulerOptions, schedulerOptions } from './scheduler.options.js';
import { TaskScheduler } from './task-scheduler.js';

const scheduler: FactoryProvider = {
  provide: TaskScheduler,
  inject: [JobCommandBus, TaskStore, Clock, Timers, SchedulerOptions],
  useFactory: (bus: JobCommandBus, store: TaskStore, clock: Clock, timers: Timers, options: SchedulerOptions) =>
    new TaskScheduler({ bus, store, clock, timers, defer: new AfterTick(), options }),
};

/** Provers and who works on what. */
@Module({
  imports: [JobsModule],
  providers: [scheduler, { provide: SchedulerOptions, inject: [Settings], useFactory: schedulerOptions }],
  exports: [TaskScheduler],
})
export class SchedulerModule {}
