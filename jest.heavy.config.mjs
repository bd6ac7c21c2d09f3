// Suites that need more than the package: see scripts/test-docker.mjs and scripts/test-go.mjs, which prepare it.
import { common } from './jest.config.mjs';

const project = (displayName) => ({
  ...common,
  displayName,
  testMatch: [`<rootDir>/test/${displayName}/**/*.spec.ts`],
});

export default { testTimeout: 600_000, projects: [project('docker'), project('go')] };
