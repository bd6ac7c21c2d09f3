// `npm run test:docker`: builds the image and runs the compose file with real containers (test/docker).
// --install allows the installation of an engine with apt-get. Other arguments go to jest.
// Exit code: 0 passed, 1 failed, 69 where no container engine can be had.
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEngine } from './container-engine.mjs';
import { answers, runJest } from './processes.mjs';
import { runSuite, UnavailableError } from './unavailable.mjs';

const INSTALL = '--install';
const PROJECT = 'proofloom-test';

/** The two ways of calling compose; which of them are there. */
function composeCommands(env) {
  const candidates = ['docker-compose', 'docker compose'];
  const found = candidates.filter((command) => answers('sh', ['-c', `${command} version`], env));
  if (found.length === 0) throw new UnavailableError('neither docker-compose nor docker compose is installed');
  return found;
}

/** What differs from the shipped file in a test: names that are no user's, and where the build finds registries. */
async function writeOverride(folder, isOwn) {
  const service = { image: PROJECT, ...(isOwn ? { build: { network: 'host' } } : {}) };
  const path = join(folder, 'override.json');
  await writeFile(path, JSON.stringify({ services: { coordinator: service, prover: service } }));
  return path;
}

async function testContainers(args) {
  const engine = await findEngine(args.includes(INSTALL));
  const folder = await mkdtemp(join(tmpdir(), 'proofloom-compose-'));
  try {
    const env = {
      ...engine.env,
      COMPOSE_PROJECT_NAME: PROJECT,
      COMPOSE_FILE: `docker-compose.yml:${await writeOverride(folder, engine.isOwn)}`,
    };
    const commands = composeCommands({ ...process.env, ...env }).join(',');
    return await runJest(
      'docker',
      args.filter((arg) => arg !== INSTALL),
      { ...env, PROOFLOOM_COMPOSE: commands },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
    await engine.release();
  }
}

await runSuite(() => testContainers(process.argv.slice(2)));
