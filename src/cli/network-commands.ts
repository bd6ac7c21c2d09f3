import { Option, type Command } from 'commander';
import { ROLES } from '../domain/access/role.js';
import type { CommandContext, OutputOptions } from './command-context.js';
import type { CancelOptions, DownloadOptions, JobsOptions, SubmitOptions } from './commands/jobs.command.js';
import type { ProversOptions } from './commands/network.command.js';
import type { CreateKeyOptions, EnrolOptions } from './commands/keys.command.js';
import type { AuditOptions, DrainOptions } from './commands/operator.command.js';
import type { NetworkOptions } from './network.js';
import {
  KEY_FILE_HELP,
  labelOption,
  OUT_HELP,
  segmentCyclesOption,
  validForOption,
  wholeNumber,
  withId,
} from './options.js';
import type { Report } from './terminal.js';

/** What of the command line these commands are added with. */
export interface CommandHost {
  readonly context: CommandContext;
  readonly command: (usage: string, description: string, parent?: Command) => Command;
  readonly run: (options: OutputOptions, work: () => Promise<Report>) => Promise<void>;
}

const MAX_UNITS = 10_000;
const MAX_PRIORITY = 100;
const MAX_LISTED = 100_000;
const DEFAULT_LISTED = 50;

// Imported when a command is run: nobody waits for gRPC to read what a command is for.
const jobCommands = () => import('./commands/jobs.command.js');
const networkLists = () => import('./commands/network.command.js');
const operatorCommands = () => import('./commands/operator.command.js');
const keyCommands = () => import('./commands/keys.command.js');

type Plain = OutputOptions & NetworkOptions;

/** Adds the commands that talk to a coordinator. */
export function addNetworkCommands(host: CommandHost): void {
  addSubmit(host);
  addJobCommands(host);
  addLists(host);
  addOperatorCommands(host);
  addAudit(host);
}

/** Adds the commands about keys. @param keys the command that they are below */
export function addKeyCommands(host: CommandHost, keys: Command): void {
  const { context, command, run } = host;
  network(command('create', 'make a key and show it, this once', keys))
    .addOption(new Option('--role <role>', 'what its holder may do').choices(ROLES).makeOptionMandatory())
    .option('--label <text>', 'what it is for, in the list of keys')
    .option('--prover <id>', 'the one prover that a key with the role prove is for')
    .addOption(validForOption())
    .option('--secret-file <file>', 'write the key there, for its owner alone, instead of showing it')
    .action((_: unknown, self: Command) => {
      const options = self.optsWithGlobals<CreateKeyOptions>();
      return run(options, async () => (await keyCommands()).createKey(options, context));
    });
  network(command('enrol', 'make a token that one prover, once, gets its key for', keys))
    .option('--prover <id>', 'only this prover, in the place of the keys that it has; default: one that has none')
    .addOption(validForOption('1h'))
    .option('--secret-file <file>', 'write the token there, for its owner alone, instead of showing it')
    .action((_: unknown, self: Command) => {
      const options = self.optsWithGlobals<EnrolOptions>();
      return run(options, async () => (await keyCommands()).createToken(options, context));
    });
  network(command('list', 'list all keys that were ever made', keys)).action((_: unknown, self: Command) => {
    const options = self.optsWithGlobals<Plain>();
    return run(options, async () => (await keyCommands()).listKeys(options, context));
  });
  network(withId(command('revoke <key>', 'end a key, and every call that runs with it, for good', keys))).action(
    (id: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<Plain>();
      return run(options, async () => (await keyCommands()).revokeKey(id, options, context));
    },
  );
}

function addSubmit({ context, command, run }: CommandHost): void {
  network(command('submit <elf>', 'hand a job to the coordinator and return at once'))
    .option('-i, --input <file>', 'private input of the program; without it the input is empty')
    .option('--key <text>', 'the same key and request are the same job, however often submitted')
    .addOption(new Option('--capacity <n>', 'most compute units to use at a time').argParser(wholeNumber(1, MAX_UNITS)))
    .addOption(new Option('--priority <n>', 'larger goes first').argParser(wholeNumber(0, MAX_PRIORITY)))
    .addOption(segmentCyclesOption('as the coordinator is set'))
    .addOption(labelOption())
    .action((elf: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<SubmitOptions>();
      return run(options, async () => (await jobCommands()).submit(elf, options, context));
    });
}

function addJobCommands({ context, command, run }: CommandHost): void {
  network(withId(command('watch <job>', 'follow a job until it has ended'))).action(
    (id: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<Plain>();
      return run(options, async () => (await jobCommands()).watch(id, options, context));
    },
  );
  network(withId(command('download <job>', 'write the final proof of a completed job to a file')))
    .requiredOption('-o, --out <file>', OUT_HELP)
    .action((id: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<DownloadOptions>();
      return run(options, async () => (await jobCommands()).download(id, options, context));
    });
  network(withId(command('cancel <job>', 'end a job for good')))
    .option('--reason <text>', 'why, for its watchers')
    .action((id: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<CancelOptions>();
      return run(options, async () => (await jobCommands()).cancel(id, options, context));
    });
}

function addLists({ context, command, run }: CommandHost): void {
  network(withId(command('status [job]', 'the network, or one job, as it is now'))).action(
    (id: string | undefined, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<Plain>();
      return run(options, async () =>
        id !== undefined
          ? (await jobCommands()).jobStatus(id, options, context)
          : (await networkLists()).networkStatus(options, context),
      );
    },
  );
  network(command('jobs', 'list jobs, newest first'))
    .option('--active', 'only those that wait or run')
    .addOption(
      new Option('--limit <n>', 'at most so many').argParser(wholeNumber(1, MAX_LISTED)).default(DEFAULT_LISTED),
    )
    .action((_: unknown, self: Command) => {
      const options = self.optsWithGlobals<JobsOptions>();
      return run(options, async () => (await jobCommands()).jobs(options, context));
    });
  network(command('provers', 'list connected provers'))
    .option('--available', 'only idle ones')
    .action((_: unknown, self: Command) => {
      const options = self.optsWithGlobals<ProversOptions>();
      return run(options, async () => (await networkLists()).provers(options, context));
    });
}

function addOperatorCommands({ context, command, run }: CommandHost): void {
  network(withId(command('drain [prover]', 'give a prover nothing new and send it home when it is done')))
    .option('--all', 'every prover')
    .option('--reason <text>', 'why, for its log')
    .action((prover: string | undefined, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<DrainOptions>();
      return run(options, async () => (await operatorCommands()).drain(prover, options, context));
    });
  network(command('quarantine', 'list provers that were quarantined for wrong results')).action(
    (_: unknown, self: Command) => {
      const options = self.optsWithGlobals<Plain>();
      return run(options, async () => (await operatorCommands()).quarantine(options, context));
    },
  );
  network(withId(command('release <prover>', 'let a prover that was quarantined work again'))).action(
    (prover: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<Plain>();
      return run(options, async () => (await operatorCommands()).release(prover, options, context));
    },
  );
}

function addAudit({ context, command, run }: CommandHost): void {
  network(command('audit', 'who did what from where, newest first'))
    .addOption(new Option('--limit <n>', 'at most so many').argParser(wholeNumber(1, 1000)).default(DEFAULT_LISTED))
    .action((_: unknown, self: Command) => {
      const options = self.optsWithGlobals<AuditOptions>();
      return run(options, async () => (await operatorCommands()).audit(options, context));
    });
}

function network(command: Command): Command {
  return command
    .option('--url <url>', 'coordinator, http://host:port (DISTRIBUTED_SERVER_URL, http://127.0.0.1:8080)')
    .option('--key-file <file>', KEY_FILE_HELP);
}
