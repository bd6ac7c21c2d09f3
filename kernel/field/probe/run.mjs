#!/usr/bin/env node
// Runs the probe's WASM build: `node run.mjs vectors FILE` compares the field's arithmetic with
// the recorded report, `node run.mjs bench FILE [LOG_HEIGHT WIDTH]` prints times as a table.
import { readFile } from 'node:fs/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const RECORDED = new URL('./tests/recorded-vectors.txt', import.meta.url);
const USAGE = 'usage: run.mjs vectors FILE.wasm | run.mjs bench FILE.wasm [LOG_HEIGHT WIDTH]';

/** Element-wise cases: number of the export, label, elements per round, rounds. */
const SMALL_CASES = [
  { case: 0, label: 'mul, scalar', perRound: 1024, rounds: 400 },
  { case: 1, label: 'mul, packed', perRound: 1024, rounds: 400 },
  { case: 2, label: 'Poseidon2-16, one state', perRound: 1, rounds: 500 },
  { case: 3, label: 'Poseidon2-16, packed', perRound: 'lanes', rounds: 300 },
  { case: 4, label: 'extension mul, scalar', perRound: 64, rounds: 400 },
  { case: 5, label: 'extension mul, packed', perRound: 64, rounds: 400 },
  { case: 6, label: 'batch inversion', perRound: 1024, rounds: 60 },
];

/** Matrix cases. */
const MATRIX_CASES = [
  { case: 7, label: 'Merkle tree' },
  { case: 8, label: 'LDE x2 on a coset' },
];

async function instantiate(file) {
  const { instance } = await WebAssembly.instantiate(await readFile(file), {});
  return instance.exports;
}

function text(exports, length) {
  const bytes = new Uint8Array(exports.memory.buffer, exports.output_ptr(), length);
  return new TextDecoder().decode(bytes);
}

/** Names of the operations whose line in `report` is not the recorded one. */
function differing(report, recorded) {
  const expected = recorded.trimEnd().split('\n');
  const got = report.split('\n');
  if (expected.length !== got.length) return ['(number of operations)'];
  return got.filter((line, i) => line !== expected[i]).map((line) => line.split(' ')[0]);
}

function verdict(wrong, count) {
  if (wrong.length === 0) return `${count} operations agree`;
  const rest = wrong.length > 10 ? `, and ${wrong.length - 10} more` : '';
  return `${wrong.length} of ${count} DIFFER: ${wrong.slice(0, 10).join(', ')}${rest}`;
}

async function checkVectors(file) {
  const exports = await instantiate(file);
  const recorded = await readFile(RECORDED, 'utf8');
  let failures = 0;
  for (const name of ['report_own', 'report_stock']) {
    const wrong = differing(text(exports, exports[name]()), recorded);
    failures += wrong.length;
    console.log(`${name}: ${verdict(wrong, recorded.trimEnd().split('\n').length)}`);
  }
  process.exitCode = failures === 0 ? 0 : 1;
}

/** Least wall time in ms of `repeats` runs: on a shared machine everything else adds to it. */
function least(repeats, work) {
  let best = Infinity;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Nanoseconds per element. Calls are about a millisecond, so that some run undisturbed. */
function smallCase(exports, { case: id, perRound, rounds }, own) {
  const perCall = (perRound === 'lanes' ? (own ? 4 : 1) : perRound) * rounds;
  const call = () => exports.bench(id, own, rounds, 0, 0);
  // The optimising compiler replaces a function only between calls: warm up with many.
  least(100, call);
  return (least(300, call) * 1e6) / perCall;
}

/** Milliseconds per round: what a second round adds, so that making the input is not counted. */
function matrixCase(exports, id, own, logHeight, width) {
  least(50, () => exports.bench(id, own, 1, 8, width));
  const rounds = (count) => least(6, () => exports.bench(id, own, count, logHeight, width));
  return rounds(2) - rounds(1);
}

const cell = (value) => value.toFixed(value < 100 ? 2 : 0).padStart(12);

function row(label, unit, [stock, own]) {
  console.log(`${label.padEnd(26)}${cell(stock)}${cell(own)}${cell(stock / own)}  ${unit}`);
}

async function bench({ file, logHeight, width }) {
  const exports = await instantiate(file);
  console.log(`${''.padEnd(26)}${'stock'.padStart(12)}${'own'.padStart(12)}${'ratio'.padStart(12)}`);
  for (const small of SMALL_CASES) {
    row(
      small.label,
      'ns',
      [0, 1].map((own) => smallCase(exports, small, own)),
    );
  }
  for (const { case: id, label } of MATRIX_CASES) {
    const times = [0, 1].map((own) => matrixCase(exports, id, own, logHeight, width));
    row(`${label} 2^${logHeight} x ${width}`, 'ms', times);
  }
}

/** The prover runs in a worker thread, so the figures come from one. */
function benchInWorker(data) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: data });
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`worker exited with ${code}`))));
  });
}

async function main([command, file, logHeight = '18', width = '50']) {
  if (command === 'vectors' && file) return checkVectors(file);
  if (command === 'bench' && file) {
    console.log(`node ${process.version}`);
    return benchInWorker({ file, logHeight: Number(logHeight), width: Number(width) });
  }
  console.error(USAGE);
  process.exitCode = 2;
}

if (isMainThread) await main(process.argv.slice(2));
else await bench(workerData).finally(() => parentPort.close());
