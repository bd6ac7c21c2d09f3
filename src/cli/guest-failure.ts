import type { GuestFailure, Statement } from '../kernel/kernel.types.js';
import { CliError } from './cli.error.js';
import { hex } from './statement-text.js';

/** The guest trapped or hit a limit. */
export function guestFailed({ code, message, pc, cycles }: GuestFailure): CliError {
  const details = { reason: code, ...(pc !== undefined && { pc: `0x${pc.toString(16)}` }), cycles };
  const hint =
    code === 'CYCLE_LIMIT'
      ? 'raise --max-cycles, or correct the guest if it never ends'
      : 'correct the guest or its input';
  return new CliError('guest_failed', `the guest did not halt: ${message}`, hint, details);
}

/** The guest halted and says itself that it failed. */
export function guestExit({ exitCode, cycles, output }: Statement): CliError {
  const message = `the guest ended with exit code ${exitCode}, so there is nothing to prove`;
  return new CliError('guest_exit', message, 'correct the guest or its input', {
    exitCode,
    cycles,
    output: hex(output),
  });
}
