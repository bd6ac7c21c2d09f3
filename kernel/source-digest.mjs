#!/usr/bin/env node
// Ties the shipped WASM binary to the sources it was built from, without needing Rust.
//
//   source-digest.mjs print   the digest of the sources
//   source-digest.mjs check   exit 1 unless it is the one stored beside the binary and inside it
//
// The digest is SHA-256 over every file that the binary is made of, in order of path: the path,
// the length in bytes and the content, with line ends as LF whatever the checkout made of them.
// Tests, examples and benches are no part of the binary and do not count, a crate's own test module
// `soundness` among them.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const KERNEL = dirname(fileURLToPath(import.meta.url));
const BINARY = join(KERNEL, 'dist', 'proofloom_kernel.wasm');
const STORED = join(KERNEL, 'dist', 'SOURCE_DIGEST');

const TOP_LEVEL = ['Cargo.toml', 'Cargo.lock', 'build-wasm.sh'];
/** Compiled under `cfg(test)` only; paths are relative to the crate. */
const TEST_MODULE = /^src[\\/]soundness(\.rs$|[\\/])/;
const CRATES = ['executor', 'field', 'stark', 'vm', 'wasm'];

/** Every file below `folder`, as absolute paths. */
async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** Manifest, build script and sources of a crate. */
async function filesOf(crate) {
  const folder = join(KERNEL, crate);
  const top = await readdir(folder);
  const single = ['Cargo.toml', 'build.rs'].filter((name) => top.includes(name));
  const sources = (await filesBelow(join(folder, 'src'))).filter((file) => !TEST_MODULE.test(relative(folder, file)));
  return [...single.map((name) => join(folder, name)), ...sources];
}

async function sourceFiles() {
  const files = (await Promise.all(CRATES.map(filesOf))).flat();
  const paths = files.map((file) => relative(KERNEL, file).split(sep).join('/'));
  return [...TOP_LEVEL, ...paths].sort();
}

async function digest() {
  const hash = createHash('sha256');
  for (const path of await sourceFiles()) {
    const text = await readFile(join(KERNEL, path), 'utf8');
    const content = Buffer.from(text.replaceAll('\r\n', '\n'));
    hash.update(`${path}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** Content of a file, or undefined when there is none. */
function readIfPresent(file) {
  return readFile(file).catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** What is wrong with the shipped binary, or undefined. */
async function problem() {
  const expected = await digest();
  const [stored, binary] = await Promise.all([readIfPresent(STORED), readIfPresent(BINARY)]);
  if (binary === undefined) return 'kernel/dist/proofloom_kernel.wasm is missing';
  if (stored === undefined) return 'kernel/dist/SOURCE_DIGEST is missing';
  const found = stored.toString().trim();
  if (found !== expected) return `the sources have digest ${expected}, the binary was built from ${found}`;
  if (!binary.includes(expected)) return `kernel/dist/proofloom_kernel.wasm does not contain the digest ${expected}`;
  return undefined;
}

async function check() {
  const wrong = await problem();
  if (wrong === undefined) return console.log('kernel/dist/proofloom_kernel.wasm matches its sources');
  console.error(`${wrong}\nrun kernel/build-wasm.sh and commit kernel/dist`);
  process.exitCode = 1;
}

const COMMANDS = {
  print: async () => console.log(await digest()),
  check,
};

const command = COMMANDS[process.argv[2]];
if (command) {
  await command();
} else {
  console.error(`usage: source-digest.mjs ${Object.keys(COMMANDS).join('|')}`);
  process.exitCode = 2;
}
