import { Global, Module, type DynamicModule, type FactoryProvider, type Type } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { ContentStore } from '../content/content-store.js';
import { Clock } from '../lifecycle/clock.js';
import { Random } from '../lifecycle/random.js';
import { SharedInputs } from './artifacts/shared-inputs.js';
import { DataDirectory } from './store/data-directory.js';
import { NetworkLog } from './events/network-log.js';
import { JobWork } from './jobs/job-work.js';
import { JobsModule } from './jobs/jobs.module.js';
import { KernelJobWork } from './kernel-work/kernel-job-work.js';
import { NetworkLifecycle } from './network.lifecycle.js';
import { StorageWatch } from './storage-watch.js';
import { SchedulerModule } from './scheduler/scheduler.module.js';

const content: FactoryProvider = {
  provide: ContentStore,
  inject: [Settings, DataDirectory, Random],
  useFactory: ({ jobs }: Settings, { artifacts }: DataDirectory, random: Random) =>
    new ContentStore(
      {
        folder: artifacts,
        maxBytes: jobs.maxArtifactBytes,
        maxProofBytes: jobs.maxProofBytes,
      },
      random,
    ),
};

const log: FactoryProvider = {
  provide: NetworkLog,
  inject: [Clock],
  useFactory: (clock: Clock) => new NetworkLog(undefined, clock),
};

/** Jobs, scheduler, store and artifacts, for every other module of the coordinator. */
@Global()
@Module({})
export class NetworkModule {
  /** @param work what the coordinator computes itself; default: the kernel over the stored artifacts */
  static forRoot(work: Type<JobWork> = KernelJobWork): DynamicModule {
    return {
      module: NetworkModule,
      imports: [JobsModule, SchedulerModule],
      providers: [content, SharedInputs, { provide: JobWork, useClass: work }, log, StorageWatch, NetworkLifecycle],
      exports: [NetworkLog, ContentStore, SharedInputs, JobWork, JobsModule, SchedulerModule],
    };
  }
}
