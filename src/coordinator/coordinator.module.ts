import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { SettingsModule } from '../config/settings.module.js';
import type { Settings } from '../config/settings.js';
import { KernelModule } from '../kernel/kernel.module.js';
import { LifecycleModule } from '../lifecycle/lifecycle.module.js';
import { AccessModule } from './access/access.module.js';
import { AdminModule } from './admin/admin.module.js';
import { ArtifactsModule } from './artifacts/artifacts.module.js';
import { HttpModule } from './http/http.module.js';
import type { JobWork } from './jobs/job-work.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { NetworkModule } from './network.module.js';
import { ProofsModule } from './proofs/proofs.module.js';
import { ProverGatewayModule } from './prover-gateway/prover-gateway.module.js';
import { TransportModule } from './transport/transport.module.js';

/** Everything the coordinator process is made of. */
@Module({})
export class CoordinatorModule {
  /** @param work what the coordinator computes itself, where that is not left to the kernel */
  static forRoot(settings: Settings, work?: Type<JobWork>): DynamicModule {
    return {
      module: CoordinatorModule,
      imports: [
        SettingsModule.forRoot(settings),
        LifecycleModule,
        KernelModule.withThreads(({ kernelThreads, planning }) => kernelThreads + planning.threads),
        TransportModule,
        NetworkModule.forRoot(work),
        AccessModule,
        ArtifactsModule,
        ProverGatewayModule,
        ProofsModule,
        AdminModule,
        MetricsModule,
        HttpModule,
      ],
    };
  }
}
