import type { GuestFailure, Statement } from './kernel.types.js';

/** The guest trapped or hit a limit: its run has no end that could be proven. */
export class GuestFailedError extends Error {
  override readonly name = 'GuestFailedError';

  constructor(readonly failure: GuestFailure) {
    super(`the guest did not halt: ${failure.message}`);
  }
}

/** The guest halted and says itself that it failed, so there is nothing to prove. */
export class GuestExitError extends Error {
  override readonly name = 'GuestExitError';

  constructor(readonly statement: Statement) {
    super(`the guest ended with exit code ${statement.exitCode}, so there is nothing to prove`);
  }
}
