import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { PRODUCT_ROOT } from '../../config/product.js';
import { FileDescriptors } from './file-descriptors.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';
import { ReflectionController } from './reflection.controller.js';

/** Serves what belongs to every gRPC server: health and reflection. */
@Global()
@Module({
  controllers: [HealthController, ReflectionController],
  providers: [
    Readiness,
    {
      provide: FileDescriptors,
      useFactory: () => new FileDescriptors(readFileSync(join(PRODUCT_ROOT, 'proto', 'descriptor.binpb'))),
    },
  ],
  exports: [Readiness],
})
export class TransportModule {}
