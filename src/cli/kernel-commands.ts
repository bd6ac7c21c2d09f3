import { Option, type Command } from 'commander';
import type { KernelTablesOptions } from './commands/kernel.command.js';
import type {
  AggregateOptions,
  ContributeOptions,
  ProvePartitionOptions,
} from './commands/kernel-partition.command.js';
import type { CommandHost } from './network-commands.js';
import { inputOption, maxCyclesOption, numberList, OUT_HELP, segmentCyclesOption } from './options.js';

const kernelFacts = () => import('./commands/kernel.command.js');
const partitionCommands = () => import('./commands/kernel-partition.command.js');

const MAX_SEGMENT = 2 ** 24;

const PARTITION_HELP = `
These are what a prover in another language calls: docs/third-party-workers.md. Program, input and segment size must be
the coordinator's, or the commitments and proofs are of another run.`;

/** Adds the commands about the proving kernel itself. @param kernel the command that they are below */
export function addKernelCommands(host: CommandHost, kernel: Command): void {
  const { context, run } = host;
  host
    .command('info', 'print version, proof parameters, proof format and digests of the kernel', kernel)
    .action((_: unknown, command: Command) =>
      run(command.optsWithGlobals(), async () => (await kernelFacts()).kernelInfo(context)),
    );
  host
    .command('tables', 'print sizes of all tables and every term of the provable security', kernel)
    .option('--markdown', 'print them as docs/kernel.md has them')
    .action((_: unknown, command: Command) => {
      const options = command.optsWithGlobals<KernelTablesOptions>();
      return run(options, async () => (await kernelFacts()).kernelTables(options, context));
    });
  addContribute(host, kernel);
  addProve(host, kernel);
  addAggregate(host, kernel);
}

function addContribute(host: CommandHost, kernel: Command): void {
  partitionCommand(host, 'contribute <elf>', 'make segment commitments, the first step of a partition', kernel)
    .addOption(segmentsOption())
    .action((elf: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<ContributeOptions>();
      return host.run(options, async () => (await partitionCommands()).kernelContribute(elf, options, host.context));
    });
}

function addProve(host: CommandHost, kernel: Command): void {
  const what = 'prove segments under the challenge that all segment commitments give';
  commitmentsOption(partitionCommand(host, 'prove <elf>', what, kernel))
    .addOption(segmentsOption())
    .requiredOption('-o, --out-dir <folder>', 'where the proofs go, each as segment-<number>.proof')
    .action((elf: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<ProvePartitionOptions>();
      return host.run(options, async () => (await partitionCommands()).kernelProve(elf, options, host.context));
    });
}

function addAggregate(host: CommandHost, kernel: Command): void {
  commitmentsOption(partitionCommand(host, 'aggregate <elf>', 'aggregate the proofs of all segments', kernel))
    .requiredOption('--proofs <folder>', 'where `kernel prove` has put the proofs of all segments')
    .requiredOption('-o, --out <file>', OUT_HELP)
    .action((elf: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<AggregateOptions>();
      return host.run(options, async () => (await partitionCommands()).kernelAggregate(elf, options, host.context));
    });
}

function partitionCommand(host: CommandHost, usage: string, description: string, kernel: Command): Command {
  return host
    .command(usage, description, kernel)
    .addOption(inputOption())
    .addOption(segmentCyclesOption())
    .addOption(maxCyclesOption())
    .addHelpText('after', PARTITION_HELP);
}

function segmentsOption(): Option {
  const option = new Option('--segments <list>', 'only these, for example 0,4,8-11; 0 is the boundary');
  return option.argParser(numberList(0, MAX_SEGMENT)).default(undefined, 'all');
}

/** `--commitments`; its name in earlier versions, `--leaves`, goes on to work. */
function commitmentsOption(command: Command): Command {
  const what = 'JSON list of all segment commitments in order, 64 hexadecimal digits each, the boundary first';
  return command
    .addOption(new Option('--commitments <file>', what).makeOptionMandatory())
    .addOption(new Option('--leaves <file>').hideHelp())
    .on('option:leaves', (file: string) => command.setOptionValueWithSource('commitments', file, 'cli'));
}
