import { Command, CommanderError, Option } from 'commander';
import { PRODUCT_VERSION } from '../config/product.js';
import { CliError, EXIT } from './cli.error.js';
import type { CommandContext, OutputOptions } from './command-context.js';
import type { BenchKernelOptions } from './commands/bench-kernel.command.js';
import type { BenchNetworkCommandOptions } from './commands/bench-network.command.js';
import type { CertsOptions } from './commands/certs.command.js';
import type { ExecuteOptions } from './commands/execute.command.js';
import type { ProveOptions } from './commands/prove.command.js';
import type { VerifyOptions } from './commands/verify.command.js';
import { addKernelCommands } from './kernel-commands.js';
import { addKeyCommands, addNetworkCommands, type CommandHost } from './network-commands.js';
import { MAX_SEGMENTS } from '../domain/job/segment-limits.js';
import {
  digest,
  hostOption,
  inputOption,
  KEY_FILE_HELP,
  maxCyclesOption,
  OUT_HELP,
  segmentCyclesOption,
  validForOption,
  wholeNumber,
} from './options.js';
import { STANDARD_OUTPUT } from './output-file.js';
import { besideResult, printError, printReport, type Report } from './terminal.js';
import { defaultThreads } from './threads.js';

const MAX_THREADS = 256;

const SERVERS = {
  coordinator: 'take proof jobs and spread their work over provers',
  prover: 'prove segments for a coordinator',
};

const EXAMPLES = `
Examples:
  proofloom execute guests/elf/fibonacci.elf
  proofloom prove guests/elf/fibonacci.elf --local --out fibonacci.plm
  proofloom verify fibonacci.plm --program guests/elf/fibonacci.elf
  proofloom prove guests/elf/fibonacci.elf --url http://127.0.0.1:8080 --out fibonacci.plm

Every command takes --json and then prints exactly one object. The exit code is 0 only on success.`;

interface RootOptions extends OutputOptions {
  readonly version?: boolean;
}

/** Runs one command line and returns the exit code of the process. */
export async function runCommandLine(argv: readonly string[], context: CommandContext): Promise<number> {
  // Looked for by hand: where the arguments are wrong, nobody has read them.
  const json = argv.includes('--json');
  const cli = new CommandLine(context, json);
  try {
    await cli.program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    return json ? printError(context.terminal, true, usageError(error)) : EXIT.usage;
  }
  return cli.exitCode;
}

function usageError({ code, message }: CommanderError): CliError {
  const what = code === 'commander.help' ? 'a command is missing' : message.replace(/^error: /, '');
  return new CliError('usage', what, 'proofloom --help shows all commands, proofloom COMMAND --help its options');
}

/**
 * The commands of `proofloom`; each ends as a printed report or a printed error. What a command is made of is imported
 * when it is run: help, completion and checks of arguments wait for no kernel, no gRPC and no server.
 */
class CommandLine {
  readonly program: Command;
  exitCode: number = EXIT.ok;

  constructor(
    private readonly context: CommandContext,
    private readonly json: boolean,
  ) {
    this.program = this.root();
    this.addExecute();
    this.addProve();
    this.addVerify();
    addNetworkCommands(this.host);
    addKeyCommands(this.host, this.program.command('keys').description('who may use a coordinator'));
    this.addCerts();
    this.addKernel();
    this.addBench();
    this.addServers();
  }

  private get host(): CommandHost {
    return {
      context: this.context,
      command: (usage, description, parent) => this.command(usage, description, parent),
      run: (options, work) => this.run(options, work),
    };
  }

  private root(): Command {
    const { terminal } = this.context;
    return new Command('proofloom')
      .description('Proves what programs do, and checks such proofs.')
      .option('-V, --version', 'print the versions of the program and of its kernel')
      .option('--json', 'print exactly one JSON object')
      .addHelpText('after', EXAMPLES)
      .exitOverride()
      .configureOutput({
        writeOut: (text) => terminal.out(text.trimEnd()),
        // With --json the object says what is wrong.
        writeErr: (text) => (this.json ? undefined : terminal.err(text)),
      })
      .showHelpAfterError('(proofloom --help shows all commands)')
      .allowExcessArguments()
      .action((options: RootOptions, command: Command) => this.runRoot(options, command));
  }

  /** Reached without a command, or with one that there is not. */
  private async runRoot(options: RootOptions, command: Command): Promise<void> {
    const [unknown] = command.args;
    if (unknown !== undefined) command.error(`error: unknown command '${unknown}'`);
    if (!options.version) command.help({ error: true });
    await this.run(options, version);
  }

  private addExecute(): void {
    this.command('execute <elf>', 'run a program once, without proving, and say what it does')
      .addOption(inputOption())
      .addOption(maxCyclesOption())
      .addOption(segmentCyclesOption())
      .action((elf: string, _: unknown, command: Command) => {
        const options = command.optsWithGlobals<ExecuteOptions>();
        return this.run(options, async () => {
          const { execute } = await import('./commands/execute.command.js');
          return execute(elf, options, this.context);
        });
      });
  }

  private addProve(): void {
    this.command('prove <elf>', 'prove the run of a program and write the proof to a file')
      .addOption(inputOption())
      .requiredOption('-o, --out <file>', OUT_HELP)
      .addOption(new Option('--local', 'prove on this machine').conflicts('url'))
      .option('--url <url>', 'coordinator that proves, http://host:port (DISTRIBUTED_SERVER_URL)')
      .option('--key-file <file>', KEY_FILE_HELP)
      .addOption(threadsOption())
      .addOption(segmentCyclesOption())
      .addOption(maxCyclesOption())
      .action((elf: string, _: unknown, command: Command) => {
        const options = command.optsWithGlobals<ProveOptions>();
        return this.run(options, async () => {
          const { prove } = await import('./commands/prove.command.js');
          return prove(elf, options, this.context);
        });
      });
  }

  private addVerify(): void {
    this.command('verify <proof>', 'check a proof against the program you trust; neither runs nor needs the prover')
      .addOption(new Option('-p, --program <elf>', 'the program that is claimed to have run').conflicts('vk'))
      .addOption(new Option('--vk <hex>', 'digest of its verifying key instead').argParser(digest))
      .action((proof: string, _: unknown, command: Command) => {
        const options = command.optsWithGlobals<VerifyOptions>();
        if (options.program === undefined && options.vk === undefined) {
          command.error("error: give the program with --program ELF, or its verifying key's digest with --vk HEX");
        }
        return this.run(options, async () => {
          const { verify } = await import('./commands/verify.command.js');
          return verify(proof, options, this.context);
        });
      });
  }

  private addCerts(): void {
    this.command('certs <folder>', 'make certificates for trials, and the authority that signs them')
      .addOption(hostOption().conflicts('caller'))
      .option('--caller <name>', 'a certificate for a prover or client instead of one for the coordinator')
      .addOption(validForOption('365d'))
      .action((folder: string, _: unknown, command: Command) => {
        const options = command.optsWithGlobals<CertsOptions>();
        return this.run(options, async () => {
          const { certs } = await import('./commands/certs.command.js');
          return certs(folder, options);
        });
      });
  }

  private addKernel(): void {
    const kernel = this.program.command('kernel').description('what the proving kernel is, and its steps one by one');
    addKernelCommands(this.host, kernel);
  }

  private addBench(): void {
    const bench = this.program.command('bench').description('measure this machine');
    this.command('kernel', 'prove the measured guests and say how fast that was', bench)
      .option('--programs <names>', 'only these, separated by commas')
      .addOption(segmentCyclesOption())
      .addOption(new Option('-t, --threads <n>', '2: how two threads at once do, too').choices(['1', '2']).default('1'))
      .option('--wasm <file>', 'measure this build of the kernel instead of the one of this package')
      .option('--compare <file>', 'compare with what an earlier run printed with --json')
      .action((_: unknown, command: Command) => {
        const options = command.optsWithGlobals<BenchKernelOptions>();
        return this.run(options, async () => {
          const { benchKernelCommand } = await import('./commands/bench-kernel.command.js');
          return benchKernelCommand(options, this.context);
        });
      });
    this.command('network', 'say what a network costs besides the proving', bench)
      .option('--no-real', 'leave out the jobs that are proven for real')
      .addOption(scaleOption('--provers <n>', 'measure one coordinator with so many simulated provers instead', 20_000))
      .addOption(scaleOption('--segments <n>', 'segments of each of its jobs', MAX_SEGMENTS))
      .addOption(scaleOption('--jobs <n>', 'its jobs', 100_000))
      .addOption(scaleOption('--proof-ms <n>', 'how long a prover takes for a segment proof, in milliseconds', 600_000))
      .action((_: unknown, command: Command) => {
        const options = command.optsWithGlobals<BenchNetworkCommandOptions>();
        return this.run(options, async () => {
          const { benchNetworkCommand } = await import('./commands/bench-network.command.js');
          return benchNetworkCommand(options, this.context);
        });
      });
  }

  /** `bin/proofloom.js` starts them where their name comes first, in the place of this command line. */
  private addServers(): void {
    for (const [name, description] of Object.entries(SERVERS)) {
      this.program
        .command(name)
        .description(`${description}; proofloom ${name} --help has its options`)
        .helpGroup('Servers:')
        .allowUnknownOption()
        .allowExcessArguments()
        .action((_: unknown, command: Command) => {
          command.error(`error: write proofloom ${name} first, then its options`);
        });
    }
  }

  private command(usage: string, description: string, parent = this.program): Command {
    return parent.command(usage).description(description).option('--json', 'print exactly one JSON object');
  }

  private async run(options: OutputOptions, work: () => Promise<Report>): Promise<void> {
    const whole = this.context.terminal;
    const terminal = options.out === STANDARD_OUTPUT ? besideResult(whole) : whole;
    const json = options.json ?? false;
    try {
      this.exitCode = printReport(terminal, json, await work());
    } catch (error) {
      const { describeError } = await import('./describe-error.js');
      this.exitCode = printError(terminal, json, describeError(error));
    }
  }
}

async function version(): Promise<Report> {
  const { loadKernelBinary } = await import('../kernel/kernel-binary.js');
  const { digest: kernelDigest } = await loadKernelBinary();
  return {
    facts: { version: PRODUCT_VERSION, kernelDigest },
    lines: [`proofloom ${PRODUCT_VERSION}`, `kernel ${kernelDigest}`],
  };
}

function threadsOption(): Option {
  const option = new Option('-t, --threads <n>', 'segments proven at once, mostly below 1 GiB each');
  return option.argParser(wholeNumber(1, MAX_THREADS)).default(defaultThreads(), 'as CPUs and memory allow');
}

function scaleOption(flags: string, description: string, most: number): Option {
  const least = flags.startsWith('--proof-ms') ? 0 : 1;
  return new Option(flags, description).argParser(wholeNumber(least, most));
}
