import { Command } from 'commander';
import { givenFlags } from '../config/flags.js';
import { PRODUCT_VERSION } from '../config/product.js';
import type { FlagValue } from '../config/settings.loader.js';
import { readArguments } from '../lifecycle/program.js';

const FLAGS = {
  url: 'SERVER_URL',
  id: 'PROVER_ID',
  computeUnits: 'PROVER_COMPUTE_UNITS',
  transport: 'PROVER_TRANSPORT',
  dataDir: 'DATA_DIR',
  keyFile: 'KEY_FILE',
  enrolmentTokenFile: 'ENROLMENT_TOKEN_FILE',
};

/** Reads the prover's command line. */
export function readCommandLine(argv: readonly string[]): Record<string, FlagValue> {
  const command = new Command('prover')
    .description('Works for a coordinator: proves segments of programs.')
    .version(PRODUCT_VERSION)
    .option('--url <url>', 'coordinator to work for, http://host:port (DISTRIBUTED_SERVER_URL)')
    .option('--id <name>', 'name of this prover (DISTRIBUTED_PROVER_ID)')
    .option('--compute-units <number>', 'segments worked on at once (DISTRIBUTED_PROVER_COMPUTE_UNITS)')
    .option('--transport <name>', 'stream or unary (DISTRIBUTED_PROVER_TRANSPORT)')
    .option('--data-dir <folder>', 'folder kept across restarts (DISTRIBUTED_DATA_DIR)')
    .option('--key-file <file>', 'file with the key of this prover (DISTRIBUTED_KEY_FILE)')
    .option('--enrolment-token-file <file>', 'file with a token to get a key for (DISTRIBUTED_ENROLMENT_TOKEN_FILE)')
    .addHelpText(
      'after',
      '\nAll settings: docs/configuration.md. Stop with SIGTERM or Ctrl-C.\nExit codes: 0 stopped or drained, 1 failed or refused, 2 wrong settings, 3 another process has its name.',
    );
  readArguments(command, argv);
  return givenFlags(command.opts(), FLAGS);
}
