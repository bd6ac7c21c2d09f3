import 'reflect-metadata';
import { prepareProgram, runProgram } from '../lifecycle/program.js';
import { startCoordinator } from './bootstrap.js';
import { readCommandLine } from './command-line.js';

await runProgram('coordinator', async () => {
  const { settings, logger } = prepareProgram(readCommandLine(process.argv));
  await startCoordinator(settings, logger);
});
