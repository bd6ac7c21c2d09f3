import { Module } from '@nestjs/common';

/** Everything the coordinator process is made of. */
@Module({})
export class CoordinatorModule {}
