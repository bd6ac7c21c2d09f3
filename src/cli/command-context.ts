import type { Kernel } from '../kernel/kernel.js';
import { NO_PROGRESS, progressDisplay, type ProgressDisplay } from './progress.js';
import type { Terminal } from './terminal.js';

/** What every command runs with. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  /** Starts a kernel with so many threads; it is closed when the command ends. */
  readonly startKernel: (threads: number) => Kernel;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface OutputOptions {
  /** Where the result goes that is no text; `-` is standard output. */
  readonly out?: string;
  readonly json?: boolean;
}

/** The progress display of a command: none with `--json`. */
export function progressOf({ terminal, nowMs }: CommandContext, { json }: OutputOptions): ProgressDisplay {
  return json ? NO_PROGRESS : progressDisplay(terminal, nowMs);
}
