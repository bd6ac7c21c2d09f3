import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { EXIT } from '../cli/cli.error.js';
import { describeError } from '../cli/describe-error.js';
import { wholeNumber } from '../cli/options.js';
import { checkOutput } from '../cli/output-file.js';
import { NO_PROGRESS, progressDisplay } from '../cli/progress.js';
import { PROCESS_TERMINAL, printError, printReport } from '../cli/terminal.js';
import { onClosedOutput } from '../lifecycle/closed-output.js';
import { onInterrupt } from '../lifecycle/interrupt.js';
import { readArguments } from '../lifecycle/program.js';
import { SEGMENT_CYCLES } from '../domain/job/segment-limits.js';
import { PRODUCT_ROOT } from '../config/product.js';
import { KernelService } from '../kernel/kernel.service.js';
import { demoReport } from './demo-report.js';
import { INPUT, PROGRAM, runDemo, type DemoOptions } from './demo.js';

interface Options extends DemoOptions {
  readonly json?: boolean;
}

const MAX_PROVERS = 16;
const DEFAULT_PROVERS = 3;
/** Cuts the demo's run of 6,836 cycles into three segments, one for each prover. */
const DEFAULT_SEGMENT_CYCLES = 2_300;
const DEFAULT_OUT = join(PRODUCT_ROOT, '.proofloom', 'demo', 'headers.plm');

const command = new Command('npm run demo --')
  .description('Proves a real program on a network of processes on this machine.')
  .option('--json', 'print exactly one JSON object')
  .option('--program <elf>', 'another program to prove', PROGRAM)
  .option('--input <file>', 'its input', INPUT)
  .option('--provers <n>', 'prover processes', wholeNumber(1, MAX_PROVERS), DEFAULT_PROVERS)
  .option(
    '--segment-cycles <n>',
    'most instructions in one segment',
    wholeNumber(SEGMENT_CYCLES.min, SEGMENT_CYCLES.max),
    DEFAULT_SEGMENT_CYCLES,
  )
  .option('-o, --out <file>', 'where the proof goes', DEFAULT_OUT);
const options = readArguments(command, process.argv).opts<Options>();

const json = options.json ?? false;
const terminal = PROCESS_TERMINAL;
onClosedOutput((exitCode) => process.exit(exitCode));
const nowMs = () => performance.now();
const endAtOnce = () => process.exit(EXIT.interrupted);
const signal = onInterrupt(process, ['SIGINT', 'SIGTERM', 'SIGHUP'], endAtOnce, nowMs);

const kernel = new KernelService({ threads: 1 });
try {
  const out = resolve(options.out);
  if (out === DEFAULT_OUT) mkdirSync(dirname(out), { recursive: true });
  await checkOutput(out, { program: options.program, input: options.input });
  const result = await runDemo(
    { ...options, program: resolve(options.program), input: resolve(options.input), out },
    {
      kernel,
      display: json ? NO_PROGRESS : progressDisplay(terminal, nowMs),
      say: (line) => (json ? undefined : terminal.err(`${line}\n`)),
      signal,
    },
  );
  process.exitCode = printReport(terminal, json, demoReport(result));
} catch (error) {
  const code = printError(terminal, json, describeError(error));
  process.exitCode = signal.aborted ? EXIT.interrupted : code;
} finally {
  kernel.close();
}
