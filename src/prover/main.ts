import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Settings } from '../config/settings.js';
import { EXIT_FAILURE, prepareProgram, runProgram } from '../lifecycle/program.js';
import { readCommandLine } from './command-line.js';
import { ProverModule } from './prover.module.js';
import { ProverService } from './prover.service.js';

/** The setting has its place already; the calls behind it are served by no coordinator yet. */
function refuseUnary({ prover }: Settings): void {
  if (prover.transport === 'stream') return;
  throw new Error(`--transport is "${prover.transport}", which this version does not have yet; use stream`);
}

await runProgram('prover', async () => {
  const { settings, logger } = prepareProgram(readCommandLine(process.argv));
  refuseUnary(settings);
  const app = await NestFactory.createApplicationContext(ProverModule.forRoot(settings), {
    logger,
    abortOnError: false,
  });
  app.enableShutdownHooks([], { useProcessExit: true });
  const log = new Logger('Prover');
  log.log({ message: 'started', coordinator: settings.server.url });
  const { kind, reason } = await app.get(ProverService).departure;
  log[kind === 'drained' ? 'log' : 'error']({ message: kind, reason });
  await app.close();
  process.exit(kind === 'drained' ? 0 : EXIT_FAILURE);
});
