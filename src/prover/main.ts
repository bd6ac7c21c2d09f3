import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { prepareProgram, runProgram } from '../lifecycle/program.js';
import { readCommandLine } from './command-line.js';
import { ProverModule } from './prover.module.js';

await runProgram('prover', async () => {
  const { settings, logger } = prepareProgram(readCommandLine(process.argv));
  const app = await NestFactory.createApplicationContext(ProverModule.forRoot(settings), {
    logger,
    abortOnError: false,
  });
  app.enableShutdownHooks([], { useProcessExit: true });
  new Logger('Prover').log({ message: 'started', coordinator: settings.server.url });
});
