// Entry of the coordinator that the benchmark starts: the product's, but for the work it computes itself.
import 'reflect-metadata';
import { startCoordinator } from '../../coordinator/bootstrap.js';
import { prepareProgram, runProgram } from '../../lifecycle/program.js';
import { SimulatedWork } from './simulated-work.js';
import { reportUsage } from './usage.js';

reportUsage();

await runProgram('simulated coordinator', async () => {
  const { settings, logger } = prepareProgram({});
  await startCoordinator(settings, logger, SimulatedWork);
});
