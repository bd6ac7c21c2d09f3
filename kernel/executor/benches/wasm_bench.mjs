// Speed of the emulator in WASM: node wasm_bench.mjs WASM [rounds]. Build the module with
//   cargo build --profile dist -p proofloom-executor --features testkit --example wasm_bench \
//       --target wasm32-unknown-unknown
import { readFileSync } from 'node:fs';

const names = [
  'fibonacci',
  'rotate-xor-add',
  'memory',
  'calls and branches',
  'multiply and divide',
  'misaligned',
];
const [path, rounds = '2000000'] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(path));

function megahertz(workload, observed) {
  // A fresh instance each, as a job gets one: the figure includes warming up.
  const { run } = new WebAssembly.Instance(module, {}).exports;
  // CPU time, so that other load does not count; compiling on other threads does.
  const start = process.cpuUsage();
  const cycles = run(workload, Number(rounds), observed);
  return cycles / process.cpuUsage(start).user;
}

names.forEach((name, workload) => {
  const [plain, observed] = [false, true].map((flag) => megahertz(workload, flag).toFixed(1));
  console.log(`${name.padStart(24)} ${plain.padStart(8)} MHz ${observed.padStart(8)} MHz observed`);
});
