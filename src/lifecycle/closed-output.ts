import { errorCode, errorMessage } from './system-error.js';

/** Exit code of a program whose reader went away, as shells know it from SIGPIPE. */
export const EXIT_NO_READER = 141;

/** Exit code where what was to be said could not be written. */
const EXIT_UNWRITABLE = 1;

/**
 * Says what happens when nobody reads standard output or standard error any more: not a stack trace. Called once, before
 * anything is written.
 * @param end ends the program with the exit code; called once
 */
export function onClosedOutput(end: (exitCode: number) => void): void {
  let isOver = false;
  const endOnce = (exitCode: number) => {
    if (!isOver) end(exitCode);
    isOver = true;
  };
  process.stdout.on('error', (error) => endOnce(outputFailed(error)));
  process.stderr.on('error', (error) => endOnce(isReaderGone(error) ? EXIT_NO_READER : EXIT_UNWRITABLE));
}

function outputFailed(error: Error): number {
  if (isReaderGone(error)) return EXIT_NO_READER;
  process.stderr.write(`standard output cannot be written: ${errorMessage(error)}; give it another place\n`);
  return EXIT_UNWRITABLE;
}

/** A terminal that was closed gives EIO. */
function isReaderGone(error: unknown): boolean {
  return ['EPIPE', 'EIO', 'ECONNRESET'].includes(errorCode(error) ?? '');
}
