import { mustRun } from './processes.mjs';

/** Exit code of a suite that cannot run here, apart from those of tests that pass (0) or fail (1). */
export const EXIT_UNAVAILABLE = 69;

/** Something that a suite needs cannot be had on this machine. */
export class UnavailableError extends Error {
  name = 'UnavailableError';
}

/**
 * Installs Debian packages on this machine.
 * @param {string} what they are for, as the error names it
 * @param {readonly string[]} packages
 * @throws UnavailableError
 */
export async function installPackages(what, packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await mustRun('apt-get', ['update', '-q'], { env });
    await mustRun('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { env });
  } catch (error) {
    throw new UnavailableError(`${what} cannot be installed: ${error.message}`);
  }
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
