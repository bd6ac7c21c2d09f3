// `npm run conformance`: one line per behaviour that docs/seed-map.md names, with pass or fail.
//   --quick           leaves out what needs containers, Go or Python; their lines say so
//   --results FILE    takes results that jest has written (--json --outputFile) in place of running the quick tests
//   --map FILE        another page
// Exit code: 0 all pass, 1 something fails, 69 nothing fails but something cannot be tested on this machine.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT, run } from './processes.mjs';
import { readEvidence } from './evidence.mjs';
import { EXIT_UNAVAILABLE } from './unavailable.mjs';

/** Folder of specifications -> the script that runs them. All others are run by jest as they are. */
const HEAVY = {
  'test/docker/': 'scripts/test-docker.mjs',
  'test/python-worker/': 'scripts/test-python-worker.mjs',
  'test/go/': 'scripts/test-go.mjs',
};
const SHORTEST_LABEL = 5;

const heavyOf = (file) => Object.keys(HEAVY).find((folder) => file.startsWith(folder));

/** Tests of a result file by specification: full name and whether it passed. */
async function readResults(path) {
  const { testResults } = JSON.parse(await readFile(path, 'utf8'));
  return testResults.map(({ name, assertionResults }) => ({
    file: relative(ROOT, name),
    tests: assertionResults.map(({ fullName, status }) => ({ fullName, passed: status === 'passed' })),
  }));
}

/** Runs specifications with jest and returns what it wrote. Failures are in the results, so the exit code is not. */
async function runQuick(files, folder) {
  const outputFile = join(folder, 'quick.json');
  const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const stdio = ['ignore', 'ignore', 'inherit'];
  const args = [...flags, '--json', '--outputFile', outputFile, '--runTestsByPath', ...files];
  await run(process.execPath, args, { cwd: ROOT, stdio });
  return readResults(outputFile);
}

/** The same for a heavy suite; null where it cannot run here. */
async function runHeavy(suite, folder) {
  const outputFile = join(folder, 'heavy.json');
  await rm(outputFile, { force: true });
  const args = [join(ROOT, HEAVY[suite]), '--json', '--outputFile', outputFile];
  const code = await run(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  return code === EXIT_UNAVAILABLE ? null : readResults(outputFile);
}

async function collect(mappings, { quick, results }, folder) {
  const files = [...new Set(mappings.flatMap(({ tests }) => tests.map(({ file }) => file)))];
  const light = files.filter((file) => !heavyOf(file));
  const done = results ? await readResults(results) : light.length > 0 ? await runQuick(light, folder) : [];
  const unavailable = new Set();
  for (const suite of new Set(files.map(heavyOf).filter(Boolean))) {
    const heavy = quick ? null : await runHeavy(suite, folder);
    if (heavy) done.push(...heavy);
    else unavailable.add(suite);
  }
  return { done, unavailable };
}

/** Empty where the test passed, else why not. */
function problemOf({ file, name }, { done, unavailable }) {
  if (unavailable.has(heavyOf(file))) return { missing: `needs ${HEAVY[heavyOf(file)]}` };
  const tests = done.find((result) => result.file === file)?.tests ?? [];
  const matching = tests.filter(({ fullName }) => fullName.includes(name));
  if (matching.length === 0) return { failed: `${file} has no test "${name}"` };
  const failing = matching.find(({ passed }) => !passed);
  return failing ? { failed: `${file}: ${failing.fullName}` } : {};
}

function judge(mapping, collected) {
  if (mapping.tests.length === 0) return { verdict: 'fail', reason: 'no test is named' };
  const problems = mapping.tests.map((test) => problemOf(test, collected));
  const failed = problems.find((problem) => problem.failed);
  if (failed) return { verdict: 'fail', reason: failed.failed };
  const missing = problems.find((problem) => problem.missing);
  return missing ? { verdict: 'not run', reason: missing.missing } : { verdict: 'pass', reason: '' };
}

function report(mapping, { verdict, reason }) {
  const what = `${mapping.section}: ${mapping.named}`;
  console.log(`${verdict.padEnd(SHORTEST_LABEL)} ${what}${reason && `  (${reason})`}`);
}

async function main() {
  const options = { quick: { type: 'boolean' }, results: { type: 'string' }, map: { type: 'string' } };
  const { values } = parseArgs({ options });
  const page = String(values.map ?? join(ROOT, 'docs', 'seed-map.md'));
  const mappings = readEvidence(await readFile(page, 'utf8'));
  if (mappings.length === 0) throw new Error(`${page} names nothing`);
  const folder = await mkdtemp(join(tmpdir(), 'proofloom-conformance-'));
  const collected = await collect(mappings, values, folder);
  await rm(folder, { recursive: true, force: true });
  const counts = { pass: 0, fail: 0, 'not run': 0 };
  for (const mapping of mappings) {
    const judgement = judge(mapping, collected);
    counts[judgement.verdict]++;
    report(mapping, judgement);
  }
  console.log(`\n${counts.pass} passed, ${counts.fail} failed, ${counts['not run']} not run`);
  if (counts.fail > 0) process.exitCode = 1;
  else if (counts['not run'] > 0 && !values.quick) process.exitCode = EXIT_UNAVAILABLE;
}

await main();
