import { KernelService } from '../kernel/kernel.service.js';
import { onClosedOutput } from '../lifecycle/closed-output.js';
import { onInterrupt } from '../lifecycle/interrupt.js';
import { followLauncher } from '../lifecycle/launcher.js';
import { EXIT } from './cli.error.js';
import { runCommandLine } from './program.js';
import { PROCESS_TERMINAL } from './terminal.js';

// A result that nobody reads is nobody's success.
onClosedOutput((exitCode) => process.exit(exitCode));

followLauncher();

/** What is still open then holds nothing that anybody waits for. */
const LINGER_MS = 1_000;
const nowMs = () => performance.now();
const endAtOnce = () => process.exit(EXIT.interrupted);
const signal = onInterrupt(process, ['SIGINT', 'SIGTERM'], endAtOnce, nowMs);

const kernels: KernelService[] = [];
const startKernel = (threads: number) => {
  const kernel = new KernelService({ threads });
  kernels.push(kernel);
  return kernel;
};

process.exitCode = await runCommandLine(process.argv.slice(2), {
  terminal: PROCESS_TERMINAL,
  signal,
  nowMs,
  startKernel,
  environment: process.env,
});
for (const kernel of kernels) kernel.close();
// An answer that was not waited for may still be owed; a connection that nobody answers is never closed.
if (signal.aborted) process.exit();
setTimeout(() => process.exit(), LINGER_MS).unref();
