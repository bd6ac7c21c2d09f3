import { EXIT, type CliError } from './cli.error.js';

/** Where a command speaks: results on standard output, progress and failures on standard error. */
export interface Terminal {
  /** One line of a result. */
  out(text: string): void;
  /** A result that is no text; resolves when it has gone out. */
  bytes(bytes: Uint8Array): Promise<void>;
  /** Text for the user, not part of the result. */
  err(text: string): void;
  /** Whether standard error is a terminal on which a line can be drawn again. */
  readonly interactive: boolean;
  /** Columns of that terminal. */
  readonly columns: number;
}

const DEFAULT_COLUMNS = 80;

export const PROCESS_TERMINAL: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  bytes: (bytes) =>
    new Promise((resolve, reject) => {
      process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
    }),
  err: (text) => void process.stderr.write(text),
  interactive: process.stderr.isTTY,
  columns: process.stderr.columns || DEFAULT_COLUMNS,
};

/** The terminal of a command whose result takes standard output: whatever it says goes to standard error. */
export function besideResult(terminal: Terminal): Terminal {
  const { interactive, columns } = terminal;
  return {
    out: (text) => terminal.err(`${text}\n`),
    bytes: (bytes) => terminal.bytes(bytes),
    err: (text) => terminal.err(text),
    interactive,
    columns,
  };
}

/** What a command found out, for `--json`; the same facts, in words, for people. */
export interface Report {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
  /** Exit code; default 0. */
  readonly exitCode?: number;
}

/** Prints the outcome of a command; with `json` exactly one object on standard output. Returns the exit code. */
export function printReport(terminal: Terminal, json: boolean, { facts, lines, exitCode = EXIT.ok }: Report): number {
  if (json) terminal.out(JSON.stringify(facts, plainValue));
  else for (const line of lines) terminal.out(line);
  return exitCode;
}

/** Prints the failure of a command. Returns the exit code. */
export function printError(terminal: Terminal, json: boolean, { code, message, hint, details }: CliError): number {
  if (json) terminal.out(JSON.stringify({ error: { code, message, hint, ...details } }, plainValue));
  else terminal.err(`error: ${message}\n  what to do: ${hint}\n`);
  if (code === 'aborted') return EXIT.interrupted;
  return code === 'invalid_settings' || code === 'usage' ? EXIT.usage : EXIT.failure;
}

/** Cycle counts are 64-bit in the kernel and far below 2^53 in any run. */
function plainValue(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
