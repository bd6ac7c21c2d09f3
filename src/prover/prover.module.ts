import { hostname } from 'node:os';
import { join } from 'node:path';
import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { SettingsModule } from '../config/settings.module.js';
import { ContentStore } from '../content/content-store.js';
import { KernelModule } from '../kernel/kernel.module.js';
import { KernelService } from '../kernel/kernel.service.js';
import { LifecycleModule } from '../lifecycle/lifecycle.module.js';
import { Random } from '../lifecycle/random.js';
import { CacheSweeper } from './cache-sweeper.js';
import { DataFolder } from './data-folder.js';
import { ProverIdentity } from './prover-identity.js';
import { ProverService } from './prover.service.js';

const INSTANCE_BYTES = 8;
/** Largest artifact that a prover takes: a final proof or an input. */
const MAX_ARTIFACT_BYTES = 2 ** 30;

const folder: FactoryProvider = {
  provide: DataFolder,
  inject: [Settings],
  useFactory: ({ dataDir }: Settings) => DataFolder.claim(dataDir),
};

const content: FactoryProvider = {
  provide: ContentStore,
  inject: [DataFolder, Random],
  useFactory: ({ path }: DataFolder, random: Random) =>
    new ContentStore({ folder: join(path, 'artifacts'), maxBytes: MAX_ARTIFACT_BYTES, durable: false }, random),
};

const identity: FactoryProvider = {
  provide: ProverIdentity,
  inject: [Settings, DataFolder, KernelService, Random],
  useFactory: async ({ prover }: Settings, data: DataFolder, kernel: KernelService, random: Random) => {
    const { digest } = await kernel.binary();
    const id = prover.id ?? data.proverId(random);
    return new ProverIdentity(id, prover.computeUnits, digest, hostname(), process.pid, random.hex(INSTANCE_BYTES));
  },
};

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
      providers: [folder, content, identity, ProverService, CacheSweeper],
    };
  }
}
