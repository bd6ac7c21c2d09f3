// Regenerates every generated file, or with --check says which of them differ from what the sources give.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { withoutUnmetEngines } from './lockfile.mjs';

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const exec = promisify(execFile);
const buf = (...args) => exec(join(root, 'node_modules', '.bin', 'buf'), args, { cwd: root });

/** Generated folders and files, relative to the root, each with how to make it below `out`. */
const steps = [
  { path: 'src/wire/generated', make: (out) => buf('generate', '--output', out) },
  {
    path: 'proto/descriptor.binpb',
    make: async (out) => {
      await mkdir(join(out, 'proto'), { recursive: true });
      await buf('build', '--output', join(out, 'proto/descriptor.binpb'));
    },
  },
  { path: '.env.example', make: (out) => settingsDocument(out, '.env.example', 'envExample') },
  { path: 'docs/configuration.md', make: (out) => settingsDocument(out, 'docs/configuration.md', 'settingsPage') },
  { path: 'docs/metrics.md', make: (out) => metricsPage(out, 'docs/metrics.md') },
  { path: 'docs/kernel.md', make: (out) => kernelPage(out, 'docs/kernel.md') },
  { path: 'package-lock.json', make: (out) => lockfile(out, 'package-lock.json') },
];

/** Runs one of the schema's own renderers out of the built tree. */
async function settingsDocument(out, path, renderer) {
  const documents = await import(join(root, 'dist/config/settings.documents.js'));
  await mkdir(dirname(join(out, path)), { recursive: true });
  await writeFile(join(out, path), documents[renderer]());
}

async function metricsPage(out, path) {
  const documents = await import(join(root, 'dist/coordinator/metrics/metrics.document.js'));
  await mkdir(dirname(join(out, path)), { recursive: true });
  await writeFile(join(out, path), await documents.metricsPage());
}

/** Replaces what stands between the markers of the page by what the kernel says of its tables. */
async function kernelPage(out, path) {
  const { KernelService } = await import(join(root, 'dist/kernel/kernel.service.js'));
  const { tablesDocument } = await import(join(root, 'dist/bench/tables.document.js'));
  const kernel = new KernelService({ threads: 1 });
  const lines = tablesDocument(await kernel.tables().finally(() => kernel.close()));
  const [begin, end] = ['begin', 'end'].map((side) => `<!-- ${side}: proofloom kernel tables --markdown -->`);
  const page = await readFile(join(root, path), 'utf8');
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`${path} has not both markers: ${begin} and ${end}`);
  await mkdir(dirname(join(out, path)), { recursive: true });
  const fresh = `${page.slice(0, before + begin.length)}\n\n${lines.join('\n')}\n\n${page.slice(after)}`;
  await writeFile(join(out, path), fresh);
}

/** What npm wrote, without what it would warn of. */
async function lockfile(out, path) {
  const lock = JSON.parse(await readFile(join(root, path), 'utf8'));
  await writeFile(join(out, path), `${JSON.stringify(withoutUnmetEngines(lock), undefined, 2)}\n`);
}

async function filesOf(base, path) {
  const entries = await readdir(join(base, path), { recursive: true, withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOTDIR' || error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!entries) return [path];
  return entries.filter((e) => e.isFile()).map((e) => relative(base, join(e.parentPath, e.name)));
}

async function differences(out, path) {
  const names = new Set([...(await filesOf(out, path)), ...(await filesOf(root, path))]);
  const read = (base, name) => readFile(join(base, name)).catch(() => undefined);
  const differing = [];
  for (const name of names) {
    const [fresh, committed] = await Promise.all([read(out, name), read(root, name)]);
    if (!fresh || !committed || !fresh.equals(committed)) differing.push(name);
  }
  return differing;
}

const out = await mkdtemp(join(tmpdir(), 'proofloom-generate-'));
try {
  const stale = [];
  for (const { path, make } of steps) {
    await make(out);
    if (check) stale.push(...(await differences(out, path)));
    else {
      await rm(join(root, path), { recursive: true, force: true });
      await cp(join(out, path), join(root, path), { recursive: true });
    }
  }
  for (const name of stale) console.error(`${name} is not what its source gives: run npm run generate and commit it`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} finally {
  await rm(out, { recursive: true, force: true });
}
