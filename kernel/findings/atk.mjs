// Minimal host of the committed kernel, and a tiny assembler.
import { readFileSync } from 'node:fs';
const mod = new WebAssembly.Module(readFileSync(new URL('../dist/proofloom_kernel.wasm', import.meta.url)));
export function kernel(quiet = true) {
  const logs = [];
  let ex;
  const inst = new WebAssembly.Instance(mod, { env: {
    pl_progress() {}, pl_now: () => performance.now(),
    pl_log(p, n) { const s = Buffer.from(ex.memory.buffer, p >>> 0, n >>> 0).toString(); logs.push(s); if (!quiet) console.log('   log:', s); },
  } });
  ex = inst.exports;
  return { logs, memory: () => ex.memory.buffer.byteLength, call(header, ...blobs) {
    const h = Buffer.from(JSON.stringify({ ...header, blobs: blobs.map((b) => b.length) }));
    const len = 4 + h.length + blobs.reduce((a, b) => a + b.length, 0);
    const p = ex.pl_alloc(len) >>> 0; if (!p) throw new Error('alloc');
    let m = Buffer.from(ex.memory.buffer); m.writeUInt32LE(h.length, p); h.copy(m, p + 4); let at = p + 4 + h.length;
    for (const b of blobs) { Buffer.from(b).copy(m, at); at += b.length; }
    const r = BigInt.asUintN(64, ex.pl_call(p, len)); const q = Number(r >> 32n), n = Number(r & 0xffffffffn);
    m = Buffer.from(ex.memory.buffer); const out = Buffer.from(m.subarray(q, q + n)); ex.pl_free(p, len); ex.pl_free(q, n);
    const hl = out.readUInt32LE(0); const head = JSON.parse(out.subarray(4, 4 + hl)); let o = 4 + hl;
    const bl = head.blobs.map((k) => { const b = out.subarray(o, o + k); o += k; return b; });
    return { ...head, bl };
  } };
}
const R = { zero: 0, sp: 2, t0: 5, t1: 6, a0: 10, a7: 17 };
export const I = {
  addi: (d, s, i) => (((i & 0xfff) << 20) | (R[s] << 15) | (R[d] << 7) | 0x13) >>> 0,
  slli: (d, s, i) => ((i << 20) | (R[s] << 15) | (1 << 12) | (R[d] << 7) | 0x13) >>> 0,
  lui: (d, i) => ((i << 12) | (R[d] << 7) | 0x37) >>> 0,
  add: (d, a, b) => ((R[b] << 20) | (R[a] << 15) | (R[d] << 7) | 0x33) >>> 0,
  sd: (v, off, b) => ((((off >> 5) & 0x7f) << 25) | (R[v] << 20) | (R[b] << 15) | (3 << 12) | ((off & 31) << 7) | 0x23) >>> 0,
  bne: (a, b, o) => ((((o >> 12) & 1) << 31) | (((o >> 5) & 0x3f) << 25) | (R[b] << 20) | (R[a] << 15) | (1 << 12) | (((o >> 1) & 15) << 8) | (((o >> 11) & 1) << 7) | 0x63) >>> 0,
  ecall: () => 0x73,
};
export const li = (d, n) => { const hi = (n + 0x800) >>> 12, lo = (n << 20) >> 20; return hi ? [I.lui(d, hi), I.addi(d, d, lo)] : [I.addi(d, 'zero', lo)]; };
export const exit = () => [I.addi('a7', 'zero', 93), I.addi('a0', 'zero', 0), I.ecall()];
export function elf(words, dataBytes = 4096) {
  const b = Buffer.alloc(4096 + words.length * 4);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(b);
  b.writeUInt16LE(2, 16); b.writeUInt16LE(243, 18); b.writeUInt32LE(1, 20); b.writeBigUInt64LE(0x80000000n, 24); b.writeBigUInt64LE(64n, 32);
  b.writeUInt16LE(64, 52); b.writeUInt16LE(56, 54); b.writeUInt16LE(2, 56);
  const ph = (i, flags, off, addr, f, m) => { const o = 64 + 56 * i; b.writeUInt32LE(1, o); b.writeUInt32LE(flags, o + 4); [off, addr, addr, f, m, 4096].forEach((v, k) => b.writeBigUInt64LE(BigInt(v), o + 8 + 8 * k)); };
  ph(0, 5, 4096, 0x80000000, words.length * 4, words.length * 4); ph(1, 6, 0, 0xa0000000, 0, dataBytes);
  words.forEach((w, i) => b.writeUInt32LE(w >>> 0, 4096 + 4 * i));
  return b;
}
export const plan = (k, e, input, segmentCycles, mem = 512 << 20) => k.call({ op: 'plan', purpose: 'prove', segmentCycles, limits: { maxCycles: '4294967296', maxMemoryBytes: mem, maxOutputBytes: 1 << 20 } }, e, input);
export function prove(k, e, input, segmentCycles, segment, p) {
  const n = p.statement.segments;
  const leaves = k.call({ op: 'contribute', segmentCycles, segments: Array.from({ length: n + 1 }, (_, i) => i) }, e, input);
  if (!leaves.ok) return leaves;
  return k.call({ op: 'prove', statement: p.statement, segmentCycles, segment }, e, input, p.bl[0], leaves.bl[0]);
}
