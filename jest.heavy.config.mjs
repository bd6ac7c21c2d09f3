// Suites that need more than the package (scripts/test-*.mjs prepare it) or more time (faults and limits, minutes
// of proving).
import { common } from './jest.config.mjs';

const project = (displayName) => ({
  ...common,
  displayName,
  testMatch: [`<rootDir>/test/${displayName}/**/*.spec.ts`],
});

export default {
  testTimeout: 600_000,
  projects: [
    project('docker'),
    project('faults'),
    project('python-worker'),
    project('go'),
    project('limits'),
    project('packages'),
  ],
};
