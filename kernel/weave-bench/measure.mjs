// Proves runs of the made-up machine in WebAssembly: `node measure.mjs MODULE.wasm [REPEAT [RUN..]]`; with `check` in
// place of REPEAT, whether arithmetic and bytes are those of other targets. Node 24 or later.
// Times are CPU time of the thread that proves, so other work on the machine disturbs them less.
import { readFileSync } from 'node:fs';

const [file, repeat = '1', ...wanted] = process.argv.slice(2);
if (file === undefined) {
  throw new Error('which module? kernel/weave-bench/build-wasm.sh prints its path');
}
let lines = [];
const read = (at, len) => Buffer.from(instance.exports.memory.buffer, at, len).toString();
const now = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e3;
};
const env = { log: (at, len) => lines.push(read(at, len)), now };
const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), { env });
if (repeat === 'check') {
  const same = instance.exports.check();
  console.log(lines.join('\n'));
  process.exit(same ? 0 : 1);
}
const names = [];
while (instance.exports.name(names.length)) {
  names.push(lines.pop());
}
for (const run of wanted.length > 0 ? wanted : names) {
  for (let i = 0; i < Number(repeat); i++) {
    lines = [];
    const proven = instance.exports.bench(names.indexOf(run));
    console.log(lines.join('\n') || `no run ${run}; one of ${names.join(', ')}`);
    console.log(`  pages ${instance.exports.memory.buffer.byteLength / 2 ** 20} MiB`);
    if (!proven) {
      process.exit(1);
    }
  }
}
