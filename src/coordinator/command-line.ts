import { Command } from 'commander';
import { givenFlags } from '../config/flags.js';
import { PRODUCT_VERSION } from '../config/product.js';
import type { FlagValue } from '../config/settings.loader.js';
import { readArguments } from '../lifecycle/program.js';

const FLAGS = {
  host: 'SERVER_HOST',
  port: 'SERVER_PORT',
  httpHost: 'HTTP_HOST',
  httpPort: 'HTTP_PORT',
  dataDir: 'DATA_DIR',
  program: 'PROGRAM',
};

/** Reads the coordinator's command line; `server` is its only command and may be left out. */
export function readCommandLine(argv: readonly string[]): Record<string, FlagValue> {
  const command = new Command('coordinator')
    .description('Takes proof jobs and spreads their work over provers.')
    .version(PRODUCT_VERSION)
    .argument('[command]', 'server: serve until told to stop', 'server')
    .option('--host <address>', 'address to serve gRPC on (DISTRIBUTED_SERVER_HOST)')
    .option('--port <number>', 'port to serve gRPC on, 0 for any (DISTRIBUTED_SERVER_PORT)')
    .option('--http-host <address>', 'address of the HTTP side (DISTRIBUTED_HTTP_HOST)')
    .option('--http-port <number>', 'port of the HTTP side, 0 for any (DISTRIBUTED_HTTP_PORT)')
    .option('--data-dir <folder>', 'folder kept across restarts (DISTRIBUTED_DATA_DIR)')
    .option('--program <elf>', 'program that LaunchProof proves (DISTRIBUTED_PROGRAM)')
    .addHelpText(
      'after',
      '\nAll settings: docs/configuration.md. Stop with SIGTERM or Ctrl-C; running work is finished first.',
    );
  readArguments(command, argv);
  const [name] = command.args;
  if (name !== undefined && name !== 'server') command.error(`coordinator has no command "${name}"; it has: server`);
  return givenFlags(command.opts(), FLAGS);
}
