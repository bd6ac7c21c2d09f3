import { Module } from '@nestjs/common';
import { LaunchProgram } from './launch-program.js';
import { ProofsController } from './proofs.controller.js';
import { Submissions } from './submissions.js';

/** Proof jobs, for applications. */
@Module({
  controllers: [ProofsController],
  providers: [Submissions, LaunchProgram],
  exports: [Submissions, LaunchProgram],
})
export class ProofsModule {}
