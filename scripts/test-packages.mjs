// `npm run test:packages`: installs the tarballs of all packages into empty folders and uses them as applications do.
// --install allows the installation of Chromium with apt-get. Other arguments go to jest.
// Exit code: 0 passed, 1 failed, 69 where it cannot run on this machine.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { answers, ROOT, run, runJest } from './processes.mjs';
import { installPackages, runSuite, UnavailableError } from './unavailable.mjs';

const INSTALL = '--install';
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];
const DEMO_PROOF = join(ROOT, '.proofloom', 'demo', 'headers.plm');
const KERNEL = join(ROOT, 'kernel', 'dist', 'proofloom_kernel.wasm');

function findBrowser() {
  return BROWSERS.find((name) => answers(name, ['--version']));
}

async function browser(mayInstall) {
  const found = findBrowser();
  if (found) return found;
  if (!mayInstall) throw new UnavailableError('there is no Chromium; allow its installation with --install');
  await installPackages('Chromium', ['chromium']);
  return findBrowser();
}

/** The demo's proof: made by this kernel, or made now. */
async function demoProof() {
  const isThere = existsSync(DEMO_PROOF) && statSync(DEMO_PROOF).mtimeMs > statSync(KERNEL).mtimeMs;
  if (!isThere && (await run('npm', ['run', '--silent', 'demo'], { cwd: ROOT })) !== 0) {
    throw new Error('npm run demo fails, and its proof is what a page has to verify');
  }
  return DEMO_PROOF;
}

/** What goes to jest: without a compiler for guests one file of the suite stays out. */
function jestArguments(args) {
  if (answers('riscv64-unknown-elf-gcc', ['--version']) && answers('make', ['--version'])) return args;
  console.error('NOT RUN: the guest of the template is not compiled; make or gcc-riscv64-unknown-elf is not installed');
  return [...args, '--testPathIgnorePatterns', 'guest-template'];
}

async function testPackages(args) {
  const rest = jestArguments(args.filter((arg) => arg !== INSTALL));
  const environment = {
    PROOFLOOM_BROWSER: await browser(args.includes(INSTALL)),
    PROOFLOOM_DEMO_PROOF: await demoProof(),
  };
  return runJest('packages', rest, environment);
}

await runSuite(() => testPackages(process.argv.slice(2)));
