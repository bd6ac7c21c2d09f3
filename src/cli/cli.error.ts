/** A failure of a command as its user sees it: what and why in `message`, what to do in `hint`. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    /** Stable name, for scripts that read `--json`. */
    readonly code: string,
    message: string,
    readonly hint: string,
    /** More facts for `--json`. */
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Exit codes of every command. */
export const EXIT = {
  ok: 0,
  /** The command was understood and failed. */
  failure: 1,
  /** The command line or a setting is wrong. */
  usage: 2,
  /** Stopped by Ctrl-C. */
  interrupted: 130,
} as const;
