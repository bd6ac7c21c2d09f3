// One word in each of N pages: plan, then contribute.
import { kernel, I, li, exit, elf, plan, prove } from './atk.mjs';
const [, , n, cycles, mem, only] = process.argv;
const e = elf([I.addi('sp', 'zero', 5), I.slli('sp', 'sp', 29), ...li('t0', +n), I.lui('t1', 1), I.sd('zero', 0, 'sp'), I.add('sp', 'sp', 't1'), I.addi('t0', 't0', -1), I.bne('t0', 'zero', -12), ...exit()]);
let k = kernel();
let t = performance.now();
const lap = (what) => { console.log(what, Math.round(performance.now() - t), 'ms, memory MiB', k.memory() / 2 ** 20 | 0); t = performance.now(); };
const p = plan(k, e, Buffer.alloc(0), +cycles, +mem);
console.log('plan', p.ok, p.outcome, JSON.stringify(p.failure ?? p.error ?? ''), p.statement?.segments, p.wordsTouched, p.proofBytes);
lap('plan');
if (only === 'plan' || !p.ok) process.exit();
k = kernel(false);
try { const r = k.call({ op: 'contribute', segmentCycles: +cycles, segments: Array.from({ length: p.statement.segments + 1 }, (_, i) => i) }, e, Buffer.alloc(0)); console.log('contribute', r.ok, JSON.stringify(r.error ?? '')); } catch (x) { console.log('TRAP', x.message.slice(0, 200), k.logs.slice(-2)); }
lap('contribute');
