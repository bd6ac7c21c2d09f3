import { Module } from '@nestjs/common';

/** Everything the prover process is made of. */
@Module({})
export class ProverModule {}
