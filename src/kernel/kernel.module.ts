import { Global, Logger, Module, type DynamicModule } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Kernel } from './kernel.js';
import { KernelService } from './kernel.service.js';

/** The kernel for a whole application. */
@Global()
@Module({})
export class KernelModule {
  /** @param threads how many calls run at once, from the settings */
  static withThreads(threads: (settings: Settings) => number): DynamicModule {
    const log = new Logger('Kernel');
    const onLog = (line: string) => log.debug(line);
    return {
      module: KernelModule,
      providers: [
        {
          provide: KernelService,
          inject: [Settings],
          useFactory: (settings: Settings) => new KernelService({ threads: threads(settings), onLog }),
        },
        { provide: Kernel, useExisting: KernelService },
      ],
      exports: [Kernel, KernelService],
    };
  }
}
