// What npm would complain about where the package is installed with a Node that is older than the bundled one.
import semver from 'semver';

/** Packages of a lockfile whose `engines` leave out the oldest Node that the package itself admits. */
export function unmetEngines({ packages }) {
  const oldest = semver.minVersion(packages[''].engines.node);
  const isUnmet = ([, { engines }]) => engines?.node !== undefined && !semver.satisfies(oldest, engines.node);
  return Object.entries(packages)
    .filter(isUnmet)
    .map(([path]) => path);
}

/**
 * The lockfile without the `engines` that npm would warn of. What is installed runs under the Node that the package
 * brings along, or under one as new, which `bin/launch.js` sees to; npm itself may run under an older one.
 */
export function withoutUnmetEngines(lock) {
  const packages = { ...lock.packages };
  for (const path of unmetEngines(lock)) {
    const { engines: _, ...rest } = packages[path];
    packages[path] = rest;
  }
  return { ...lock, packages };
}
