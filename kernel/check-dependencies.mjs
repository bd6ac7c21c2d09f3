#!/usr/bin/env node
// Finds dependencies that a crate declares and no source of it names. Exits 1 where there are any.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const KERNEL = dirname(fileURLToPath(import.meta.url));
const CRATES = ['bench', 'executor', 'field', 'field/probe', 'stark', 'vm', 'wasm', 'weave', 'weave-prover', 'weave-vm'];
const SOURCES = ['src', 'tests', 'benches', 'examples'];

/** Names under `[dependencies]` and `[dev-dependencies]` of a manifest. */
function dependencies(manifest) {
  const sections = manifest.split(/^\[/m).filter((section) => /^(dev-)?dependencies\]/.test(section));
  return sections.flatMap((section) => [...section.matchAll(/^([\w-]+)[ .=]/gm)].map(([, name]) => name));
}

/** All Rust sources of a crate, but not of a crate within its folder. */
async function sources(crate) {
  const texts = SOURCES.map(async (folder) => {
    const entries = await readdir(join(KERNEL, crate, folder), { withFileTypes: true, recursive: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.rs'));
    return Promise.all(files.map((file) => readFile(join(file.parentPath ?? file.path, file.name), 'utf8')));
  });
  return (await Promise.all(texts)).flat().join('\n');
}

async function unused(crate) {
  const [manifest, text] = await Promise.all([readFile(join(KERNEL, crate, 'Cargo.toml'), 'utf8'), sources(crate)]);
  const named = (name) => new RegExp(`\\b${name.replaceAll('-', '_')}\\b`).test(text);
  return dependencies(manifest).filter((name) => !named(name)).map((name) => `${crate}: ${name}`);
}

const found = (await Promise.all(CRATES.map(unused))).flat();
for (const line of found) console.error(`unused dependency: ${line}`);
process.exitCode = found.length === 0 ? 0 : 1;
