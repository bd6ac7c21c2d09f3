import { Module, type DynamicModule } from '@nestjs/common';
import { SettingsModule } from '../config/settings.module.js';
import type { Settings } from '../config/settings.js';
import { KernelModule } from '../kernel/kernel.module.js';
import { LifecycleModule } from '../lifecycle/lifecycle.module.js';
import { CoordinatorLink } from './session/coordinator-link.js';

/** Everything the prover process is made of. */
@Module({})
export class ProverModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: ProverModule,
      imports: [
        SettingsModule.forRoot(settings),
        LifecycleModule,
        KernelModule.withThreads(({ prover }) => prover.computeUnits),
      ],
      providers: [CoordinatorLink],
    };
  }
}
