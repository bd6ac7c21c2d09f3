// Proves one segment with the released kernel or with the multilinear prototype, on this thread, and
// prints the CPU time of every part: node measure.mjs old|new PROGRAM [REPEAT] [SEGMENT]
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const [which, program, repeat = '2', segment = '1', wasmFile] = process.argv.slice(2);
const runs = JSON.parse(readFileSync(join(root, 'guests/expected.json'), 'utf8'));
const { elf: elfPath, input: inputPath } = runs[program];
const elf = readFileSync(join(root, 'guests', elfPath));
const input = inputPath ? readFileSync(join(root, 'guests', inputPath)) : new Uint8Array();
const file =
  wasmFile ??
  (which === 'old'
    ? join(root, 'kernel/dist/proofloom_kernel.wasm')
    : join(root, 'kernel/target-wasm/wasm32-unknown-unknown/dist/proofloom_weave_bench.wasm'));

const threadMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
let lines = [];
let exports;
const module = await WebAssembly.compile(readFileSync(file));
const instance = await WebAssembly.instantiate(module, {
  env: {
    pl_log: (ptr, len) => lines.push(Buffer.from(exports.memory.buffer, ptr, len).toString()),
    pl_now: threadMs,
    pl_progress: () => {},
  },
});
exports = instance.exports;

function put(bytes) {
  const ptr = exports.pl_alloc(bytes.length);
  new Uint8Array(exports.memory.buffer, ptr, bytes.length).set(bytes);
  return ptr;
}

function call(op, fields, blobs) {
  const header = Buffer.from(JSON.stringify({ op, ...fields, blobs: blobs.map((b) => b.length) }));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.length);
  const request = Buffer.concat([size, header, ...blobs]);
  const ptr = put(request);
  const packed = exports.pl_call(ptr, request.length);
  exports.pl_free(ptr, request.length);
  const out = Number(packed >> 32n);
  const length = Number(packed & 0xffffffffn);
  const bytes = Buffer.from(exports.memory.buffer.slice(out, out + length));
  exports.pl_free(out, length);
  const headerLength = bytes.readUInt32LE(0);
  const answer = JSON.parse(bytes.subarray(4, 4 + headerLength));
  if (!answer.ok) throw new Error(JSON.stringify(answer));
  let at = 4 + headerLength;
  answer.blobs = answer.blobs.map((n) => bytes.subarray(at, (at += n)));
  return answer;
}

const segmentCycles = (1 << 18) - 1;
const parts = () =>
  Object.fromEntries(
    lines.map((line) => /^part (.*): ([\d.]+) ms$/.exec(line)).filter(Boolean).map(([, name, ms]) => [name, Number(ms)]),
  );

function oldRun() {
  const limits = { maxCycles: '1000000000', maxMemoryBytes: 8 << 20, maxOutputBytes: 1 << 20 };
  const plan = call('plan', { purpose: 'prove', segmentCycles, limits }, [elf, input]);
  const segments = Array.from({ length: plan.statement.segments + 1 }, (_, i) => i);
  const [leaves] = call('contribute', { segmentCycles, segments }, [elf, input]).blobs;
  const [output] = plan.blobs;
  return () => call('prove', { statement: plan.statement, segmentCycles, segment: Number(segment) }, [elf, input, output, leaves]);
}

function newRun() {
  exports.bench_setup(put(elf), elf.length);
  if (process.env.PLAIN) exports.bench_plain();
  if (process.env.CHECK) exports.bench_check();
  const ptr = put(input);
  return () => exports.bench_run(ptr, input.length, Number(segment), segmentCycles);
}

const run = which === 'old' ? oldRun() : newRun();
for (let i = 0; i < Number(repeat); i++) {
  lines = [];
  const [thread, all, wall] = [threadMs(), process.cpuUsage(), performance.now()];
  try {
    run();
  } catch (error) {
    console.error(lines.join('\n'));
    throw error;
  }
  const used = process.cpuUsage(all);
  console.log(
    JSON.stringify({
      which,
      program,
      repeat: i,
      threadMs: Math.round(threadMs() - thread),
      processMs: Math.round((used.user + used.system) / 1000),
      wallMs: Math.round(performance.now() - wall),
      peakMiB: exports.memory.buffer.byteLength / (1 << 20),
      parts: parts(),
      notes: lines.filter((line) => !line.startsWith('part ')),
    }),
  );
}
