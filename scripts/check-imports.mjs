// Checks the direction of imports between the folders of src/ (docs/architecture.md): a folder may import
// only what its row names. Cycles inside a folder are the linter's business (import/no-cycle).
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..', 'src');
const base = ['config', 'lifecycle', 'logging', 'telemetry'];
const served = ['wire', 'wire/generated', 'domain', 'kernel'];
const COORDINATOR = [
  'artifacts',
  'kernel-work',
  'store',
  'jobs',
  'scheduler',
  'prover-gateway',
  'admin',
  'http',
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
  kernel: base,
  'wire/generated': [],
  wire: ['wire/generated', 'domain'],
  client: ['wire', 'wire/generated', 'domain', 'content', ...base],
  grpc: ['wire', 'wire/generated'],
  bench: ['kernel', ...base],
  'bench/network': ['client', 'coordinator', ...served, ...coordinator('store', 'jobs', 'scheduler'), ...base],
  cli: ['bench', 'bench/network', 'client', 'domain', 'kernel', 'content', ...base],
  demo: ['cli', 'client', 'domain', 'kernel', ...base],
  prover: ['wire', 'wire/generated', 'domain', 'kernel', 'client', 'content', ...base],
  'coordinator/transport': ['wire', 'wire/generated', 'domain', ...base],
  'coordinator/store': ['domain', ...base],
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
  'coordinator/http': ['domain', 'content', ...coordinator('scheduler', 'transport'), ...base],
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

function problemsOf(file) {
  const from = folderOf(file);
  const allowed = ALLOWED[from];
  if (!allowed) return [`${file}: folder ${from} has no row in scripts/check-imports.mjs`];
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), 'utf8'), true, true);
  return importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith('.')) {
      return PURE.has(from) ? [`${file}: ${from} must not import ${fileName}`] : [];
    }
    const target = relative(root, join(root, dirname(file), fileName));
    const to = target.startsWith('..') ? target : folderOf(target);
    return to === from || allowed.includes(to) ? [] : [`${file}: ${from} must not import ${target}`];
  });
}

const problems = [];
for await (const file of glob('**/*.ts', { cwd: root })) {
  if (!file.endsWith('.spec.ts')) problems.push(...problemsOf(file.replaceAll('\\', '/')));
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
