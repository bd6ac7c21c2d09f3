import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EXIT_FAILURE, EXIT_NAME_IN_USE, prepareProgram, runProgram } from '../lifecycle/program.js';
import { readCommandLine } from './command-line.js';
import { ProverModule } from './prover.module.js';
import { ProverService } from './prover.service.js';

const EXIT_CODES = { drained: 0, rejected: EXIT_FAILURE, name_in_use: EXIT_NAME_IN_USE };

await runProgram('prover', async () => {
  const { settings, logger } = prepareProgram(readCommandLine(process.argv));
  const app = await NestFactory.createApplicationContext(ProverModule.forRoot(settings), {
    logger,
    abortOnError: false,
  });
  app.enableShutdownHooks([], { useProcessExit: true });
  const log = new Logger('Prover');
  log.log({ message: 'started', coordinator: settings.server.url });
  const { kind, reason } = await app.get(ProverService).stopReason;
  log[kind === 'drained' ? 'log' : 'error']({ message: kind, reason });
  await app.close();
  process.exit(EXIT_CODES[kind]);
});
