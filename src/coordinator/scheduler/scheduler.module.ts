import { Module, type FactoryProvider } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { Clock } from '../../lifecycle/clock.js';
import { Timers } from '../../lifecycle/timers.js';
import { TurnEnd } from '../jobs/defer.js';
import { JobEngine } from '../jobs/job-engine.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { TaskStore } from '../store/task-store.js';
import { SchedulerOptions, schedulerOptions } from './scheduler.options.js';
import { TaskScheduler } from './task-scheduler.js';

const scheduler: FactoryProvider = {
  provide: TaskScheduler,
  inject: [JobEngine, TaskStore, Clock, Timers, SchedulerOptions],
  useFactory: (engine: JobEngine, store: TaskStore, clock: Clock, timers: Timers, options: SchedulerOptions) =>
    new TaskScheduler({ engine, store, clock, timers, defer: new TurnEnd(), options }),
};

/** Provers and who works on what. */
@Module({
  imports: [JobsModule],
  providers: [scheduler, { provide: SchedulerOptions, inject: [Settings], useFactory: schedulerOptions }],
  exports: [TaskScheduler],
})
export class SchedulerModule {}
