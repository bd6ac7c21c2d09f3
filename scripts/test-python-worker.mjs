// `npm run test:python-worker`: a prover and an administrator in Python, with stubs from their own copy of the published schema,
// against real coordinators and provers (test/python-worker). Arguments go to jest.
// Exit code: 0 passed, 1 failed, 69 where Python with its packages cannot be had.
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, runJest } from './processes.mjs';
import { runSuite, UnavailableError } from './unavailable.mjs';

/** What setup.sh exits with where this machine cannot have the environment. */
const UNAVAILABLE = 3;

/** Made once and used again until requirements or schema change. */
const folder = join(tmpdir(), 'proofloom-python-worker');

function prepare() {
  const { status, stdout } = spawnSync('sh', [join(ROOT, 'test/python-worker/setup.sh'), folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status === UNAVAILABLE) throw new UnavailableError(stdout.trim().split('\n').at(-1));
  if (status !== 0) throw new Error(`test/python-worker/setup.sh ended with exit code ${status}`);
}

await runSuite(() => {
  prepare();
  return runJest('python-worker', process.argv.slice(2), { PROOFLOOM_PYTHON_WORKER: folder });
});
