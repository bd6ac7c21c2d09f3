import type { Command } from 'commander';
import { loadSettings, readEnvFile, SettingsError, type FlagValue } from '../config/settings.loader.js';
import type { Settings } from '../config/settings.js';
import { ServiceLogger } from '../logging/service-logger.js';
import { onClosedOutput } from './closed-output.js';
import { followLauncher } from './launcher.js';
import { errorMessage } from './system-error.js';

/** Exit code for settings or arguments that are wrong. */
export const EXIT_USAGE = 2;
export const EXIT_FAILURE = 1;
/** Exit code of a prover whose name another process has: a supervisor need not start it again. */
export const EXIT_NAME_IN_USE = 3;

export interface ProgramContext {
  readonly settings: Settings;
  readonly logger: ServiceLogger;
}

/** Reads a program's arguments; wrong ones end the process with what is wrong and the exit code for that. */
export function readArguments(command: Command, argv: readonly string[]): Command {
  return command
    .showHelpAfterError(`(${command.name()} --help shows all options)`)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT_USAGE))
    .parse([...argv]);
}

/** Loads settings and logging of a service, and says what the operator should know about them. */
export function prepareProgram(flags: Readonly<Record<string, FlagValue>>): ProgramContext {
  const { settings, warnings } = loadSettings({ flags, environment: process.env, envFile: readEnvFile('.env') });
  const logger = new ServiceLogger(settings.logging);
  for (const warning of warnings) logger.warn(warning, 'Settings');
  return { settings, logger };
}

/** Starts a service; a start that fails ends the process with one plain message and its exit code. */
export async function runProgram(name: string, start: () => Promise<void>): Promise<void> {
  followLauncher();
  // A service whose console is gone stops in good order, as its supervisor would have it.
  onClosedOutput((exitCode) => {
    process.exitCode = exitCode;
    process.kill(process.pid, 'SIGTERM');
  });
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${name}: ${errorMessage(error)}${whatToDo(error)}\n`);
    process.exit(error instanceof SettingsError ? EXIT_USAGE : EXIT_FAILURE);
  }
}

/** Errors of ours say what an operator can do. */
function whatToDo(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('hint' in error)) return '';
  return `; ${String(error.hint)}`;
}
