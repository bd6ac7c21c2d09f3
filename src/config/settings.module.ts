import { Global, Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule, ConfigService, registerAs } from '@nestjs/config';
import { Settings } from './settings.js';

const NAMESPACE = 'proofloom';

/** Gives the loaded {@link Settings} to everything that is injected. */
@Global()
@Module({})
export class SettingsModule {
  static forRoot(settings: Settings): DynamicModule {
    const load = [registerAs(NAMESPACE, () => settings)];
    return {
      module: SettingsModule,
      // The loader has read environment and .env already, in the product's own order of precedence.
      imports: [ConfigModule.forRoot({ load, ignoreEnvFile: true, ignoreEnvVars: true })],
      providers: [
        {
          provide: Settings,
          inject: [ConfigService],
          useFactory: (config: ConfigService) => config.getOrThrow<Settings>(NAMESPACE),
        },
      ],
      exports: [Settings],
    };
  }
}
