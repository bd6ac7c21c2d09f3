import { kernel, I, li, exit, elf, plan, prove } from './atk.mjs';
const [, , kind, cycles] = process.argv;
const base = [I.addi('a0', 'zero', 5), I.slli('a0', 'a0', 29)];
const r = (f3, f7 = 1) => ((f7 << 25) | (6 << 20) | (5 << 15) | (f3 << 12) | (6 << 7) | 0x33) >>> 0; // t1 = t0 op t1
let words;
if (kind === 'both') {
  const loop = (call, n) => [...li('a7', call), ...li('t0', n), I.ecall(), I.addi('t0', 't0', -1), I.bne('t0', 'zero', -8)];
  words = [...base, ...loop(1600, 2730), ...loop(1256, 4097), ...exit()];
} else {
  const body = [...Array(52).fill(((1 << 20) | (10 << 15) | (3 << 12) | (6 << 7) | 0x03) >>> 0), ...Array(26).fill(r(4)), ...Array(13).fill(r(1)), ...Array(7).fill(r(0)), I.addi('t0', 't0', -1)];
  words = [...base, ...li('t0', 10480), ...body, I.bne('t0', 'zero', -4 * body.length), ...exit()];
}
const e = elf(words);
let k = kernel();
const p = plan(k, e, Buffer.alloc(0), +cycles);
console.log('plan', p.ok, p.outcome, p.error ?? p.failure ?? '', p.statement?.segments, p.statement?.cycles, p.acceleratorCalls, p.proofBytes);
k = kernel(false);
try { const q = prove(k, e, Buffer.alloc(0), +cycles, 1, p); console.log('prove', q.ok, q.error ?? '', q.bl?.[0]?.length, JSON.stringify(q.logHeights)); } catch (x) { console.log('TRAP', x.message.slice(0, 200), k.logs.slice(-2)); }
console.log('memory MiB', Math.floor(k.memory() / 2 ** 20));
