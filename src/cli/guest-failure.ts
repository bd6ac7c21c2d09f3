import { GuestExitError, GuestFailedError } from '../kernel/guest.error.js';
import type { GuestFailure, Statement } from '../kernel/kernel.types.js';
import { CliError } from './cli.error.js';
import { hex } from './statement-text.js';

/** The guest trapped or hit a limit. */
export function guestFailed(failure: GuestFailure): CliError {
  const { code, pc, cycles } = failure;
  const details = { reason: code, ...(pc !== undefined && { pc: `0x${pc.toString(16)}` }), cycles };
  const hint =
    code === 'CYCLE_LIMIT'
      ? 'raise --max-cycles, or correct the guest if it never ends'
      : 'correct the guest or its input';
  return new CliError('guest_failed', new GuestFailedError(failure).message, hint, details);
}

/** The guest halted and says itself that it failed. */
export function guestExit(statement: Statement): CliError {
  const { exitCode, cycles, output } = statement;
  const { message } = new GuestExitError(statement);
  return new CliError('guest_exit', message, 'correct the guest or its input', {
    exitCode,
    cycles,
    output: hex(output),
  });
}
