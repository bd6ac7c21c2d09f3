// Checks the direction of imports between the folders of src/ (docs/architecture.md): a folder may import only what its
// row names, and no circle leads through a folder, at whatever depth. Cycles among files are the linter's business
// (import/no-cycle). With `--arrows FOLDER` (below src) it prints instead who knows whom in it, wherever there are folders.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { circlesOf, describeLevel, hasFolders, levelsOf } from './folder-arrows.mjs';

const root = join(import.meta.dirname, '..', 'src');
const base = ['config', 'lifecycle', 'logging', 'telemetry'];
const served = ['wire', 'wire/generated', 'domain', 'kernel'];
const COORDINATOR = [
  'access',
  'artifacts',
  'kernel-work',
  'store',
  'jobs',
  'scheduler',
  'prover-gateway',
  'admin',
  'http',
  'metrics',
  'transport',
  'proofs',
  'events',
];
const coordinator = (...names) => names.map((name) => `coordinator/${name}`);

/** Folder -> the folders it may import besides itself. */
const ALLOWED = {
  domain: [],
  config: ['domain'],
  lifecycle: ['config', 'logging'],
  logging: ['config'],
  telemetry: ['config', 'lifecycle', 'logging'],
  content: base,
  tls: base,
  kernel: ['domain', ...base],
  verifier: ['kernel', 'lifecycle'],
  'wire/generated': [],
  wire: ['wire/generated', 'domain'],
  client: ['wire', 'wire/generated', 'domain', 'content', ...base],
  grpc: ['wire', 'wire/generated'],
  bench: ['kernel', ...base],
  'bench/network': ['client', 'coordinator', ...served, ...coordinator('store', 'jobs', 'scheduler'), ...base],
  cli: ['bench', 'bench/network', 'client', 'domain', 'kernel', 'content', 'tls', ...base],
  demo: ['cli', 'client', 'domain', 'kernel', ...base],
  prover: ['wire', 'wire/generated', 'domain', 'kernel', 'client', 'content', 'tls', ...base],
  'coordinator/transport': ['wire', 'wire/generated', 'domain', 'content', 'tls', ...base],
  'coordinator/store': ['domain', ...base],
  'coordinator/access': [...served, ...coordinator('store', 'transport'), ...base],
  'coordinator/artifacts': [...served, 'content', ...coordinator('store', 'transport'), ...base],
  'coordinator/kernel-work': ['domain', 'kernel', 'content', ...coordinator('jobs'), ...base],
  'coordinator/jobs': ['domain', 'kernel', ...coordinator('store', 'artifacts'), ...base],
  'coordinator/scheduler': ['domain', 'kernel', ...coordinator('store', 'artifacts', 'jobs'), ...base],
  'coordinator/proofs': [
    ...served,
    'content',
    ...coordinator('store', 'jobs', 'scheduler', 'transport', 'events'),
    ...base,
  ],
  'coordinator/prover-gateway': [
    ...served,
    'content',
    ...coordinator('artifacts', 'jobs', 'scheduler', 'proofs', 'transport'),
    ...base,
  ],
  'coordinator/admin': [
    ...served,
    ...coordinator('artifacts', 'store', 'jobs', 'scheduler', 'prover-gateway', 'proofs', 'transport'),
    'content',
    ...base,
  ],
  'coordinator/metrics': [
    'domain',
    'kernel',
    ...coordinator('admin', 'jobs', 'prover-gateway', 'scheduler', 'transport'),
    ...base,
  ],
  'coordinator/http': ['domain', 'content', ...coordinator('metrics', 'scheduler', 'transport'), ...base],
  'coordinator/events': ['domain', ...coordinator('jobs', 'scheduler', 'transport'), ...base],
  coordinator: [...served, 'content', ...coordinator(...COORDINATOR), ...base],
};

/** Folders that may name no package and no Node module at all. */
const PURE = new Set(['domain']);

function folderOf(path) {
  const [first, second] = path.split('/');
  const pair = `${first}/${second}`;
  return pair in ALLOWED ? pair : first;
}

/** What a file imports, as it is written. */
function importedBy(file) {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), 'utf8'), true, true);
  return importedFiles.map(({ fileName }) => fileName);
}

/** The path below src that a relative import leads to. */
function targetOf(file, name) {
  return relative(root, join(root, dirname(file), name)).replaceAll('\\', '/');
}

function problemsOf(file, names) {
  const from = folderOf(file);
  const allowed = ALLOWED[from];
  if (!allowed) return [`${file}: folder ${from} has no row in scripts/check-imports.mjs`];
  return names.flatMap((name) => {
    if (!name.startsWith('.')) return PURE.has(from) ? [`${file}: ${from} must not import ${name}`] : [];
    const target = targetOf(file, name);
    const to = target.startsWith('..') ? target : folderOf(target);
    return to === from || allowed.includes(to) ? [] : [`${file}: ${from} must not import ${target}`];
  });
}

/** The top level is held to its rows above, which say more than that there is no circle. */
function circleProblems(levels) {
  return [...levels].flatMap(([folder, arrows]) =>
    circlesOf(arrows).map((circle) => `${folder || 'src'}: a circle of imports leads through ${circle.join(', ')}`),
  );
}

const files = readdirSync(root, { recursive: true })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .sort((a, b) => a.localeCompare(b));
const imports = files.map((file) => [file, importedBy(file)]);
const known = new Set(files);
const levels = levelsOf(
  imports.map(([file, names]) => {
    const targets = names.map((name) => targetOf(file, name).replace(/\.js$/, '.ts'));
    return [file, targets.filter((target) => known.has(target))];
  }),
);

const { arrows } = parseArgs({ options: { arrows: { type: 'string' } } }).values;
if (arrows === undefined) {
  const problems = [...imports.flatMap(([file, names]) => problemsOf(file, names)), ...circleProblems(levels)];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exit(1);
} else {
  const top = arrows.replace(/^src\//, '').replace(/\/$/, '');
  const folders = [...levels.keys()].filter((folder) => folder === top || folder.startsWith(`${top}/`));
  if (folders.length === 0) {
    console.error(`src has no folder ${top}; example: --arrows src/coordinator`);
    process.exit(1);
  }
  folders.sort((a, b) => a.localeCompare(b));
  for (const folder of folders.filter((name) => hasFolders(levels.get(name)))) {
    console.log(describeLevel(`src/${folder}`, levels.get(folder)).join('\n'));
  }
}
