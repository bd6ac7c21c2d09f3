import { kernel, I, li, exit, elf, plan, prove } from './atk.mjs';
const [, , call, n, cycles] = process.argv;
const base = [I.addi('a0', 'zero', 5), I.slli('a0', 'a0', 29)];
const e = elf([...base, ...li('a7', +call), ...li('t0', +n), I.ecall(), I.addi('t0', 't0', -1), I.bne('t0', 'zero', -8), ...exit()]);
let k = kernel();
const p = plan(k, e, Buffer.alloc(0), +cycles);
console.log('plan', p.ok, p.outcome, p.error ?? '', p.statement?.segments, p.acceleratorCalls, p.proofBytes);
k = kernel(false);
const t = performance.now();
try { const r = prove(k, e, Buffer.alloc(0), +cycles, 1, p); console.log('prove', r.ok, r.error ?? '', r.bl?.[0]?.length); } catch (x) { console.log('TRAP', x.message.slice(0, 200), k.logs.slice(-2)); }
console.log('memory MiB', k.memory() >> 20 >>> 0, Math.round(performance.now() - t), 'ms');
