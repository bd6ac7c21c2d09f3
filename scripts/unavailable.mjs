/** Exit code of a suite that cannot run here, apart from those of tests that pass (0) or fail (1). */
export const EXIT_UNAVAILABLE = 69;

/** Something that a suite needs cannot be had on this machine. */
export class UnavailableError extends Error {
  name = 'UnavailableError';
}

/** Runs a suite and exits with its code, or with EXIT_UNAVAILABLE where it cannot run. */
export async function runSuite(suite) {
  try {
    process.exitCode = await suite();
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    console.error(`not run: ${error.message}`);
    process.exitCode = EXIT_UNAVAILABLE;
  }
}
