// Executables of a few instructions, for runs that no compiler makes.

export const HEADER_BYTES = 64;
const SEGMENT_HEADER_BYTES = 56;
const TEXT_BASE = 0x8000_0000;
/** Where writable memory begins. */
const DATA_BASE = 0xa000_0000;
const [READ_EXECUTE, READ, READ_WRITE] = [5, 4, 6];

/** li a0, 0; li a7, 93; ecall */
export const EXIT = [0x0000_0513, 0x05d0_0893, 0x0000_0073];

interface Data {
  readonly bytes?: Uint8Array;
  /** Writable: zeros at {@link DATA_BASE} in place of constants behind the text. */
  readonly writable?: number;
}

/** An executable of these instructions, with a data segment. */
export function executable(text: readonly number[], { bytes = new Uint8Array(), writable }: Data = {}): Uint8Array {
  const code = new Uint8Array(new Uint32Array(text).buffer);
  const after = TEXT_BASE + Math.ceil(code.length / 4096) * 4096;
  const start = HEADER_BYTES + 2 * SEGMENT_HEADER_BYTES;
  const headers = new DataView(new ArrayBuffer(start));
  const fields = (at: number, size: 2 | 4 | 8, ...values: number[]) => {
    values.forEach((value, index) => {
      const place = at + index * size;
      if (size === 8) headers.setBigUint64(place, BigInt(value), true);
      else if (size === 4) headers.setUint32(place, value, true);
      else headers.setUint16(place, value, true);
    });
  };
  fields(0, 4, 0x464c_457f, 0x0001_0102);
  fields(16, 2, 2, 243);
  fields(20, 4, 1);
  fields(24, 8, TEXT_BASE, HEADER_BYTES);
  fields(52, 2, HEADER_BYTES, SEGMENT_HEADER_BYTES, 2);
  const segment = (number: number, flags: number, offset: number, address: number, inFile: number, size: number) => {
    const at = HEADER_BYTES + number * SEGMENT_HEADER_BYTES;
    fields(at, 4, 1, flags);
    fields(at + 8, 8, offset, address, address, inFile, size, 4096);
  };
  segment(0, READ_EXECUTE, start, TEXT_BASE, code.length, code.length);
  if (writable === undefined) segment(1, READ, start + code.length, after, bytes.length, bytes.length);
  else segment(1, READ_WRITE, start + code.length, DATA_BASE, 0, writable);
  return Buffer.concat([new Uint8Array(headers.buffer), code, bytes]);
}

const [SP, T0, T1, A0, A7] = [2, 5, 6, 10, 17];

function addi(rd: number, rs1: number, value: number): number {
  return (((value & 0xfff) << 20) | (rs1 << 15) | (rd << 7) | 0x13) >>> 0;
}

/** lui and addi. */
function load(rd: number, value: number): number[] {
  const high = (value + 0x800) >>> 12;
  const low = (value << 20) >> 20;
  return high === 0 ? [addi(rd, 0, low)] : [((high << 12) | (rd << 7) | 0x37) >>> 0, addi(rd, rd, low)];
}

/** The start of writable memory in a register, which no lui reaches with its sign: 5 << 29. */
function dataBase(rd: number): number[] {
  return [addi(rd, 0, 5), ((29 << 20) | (rd << 15) | (1 << 12) | (rd << 7) | 0x13) >>> 0];
}

/** Repeats a body so often, counting in t0. */
function loop(times: number, body: readonly number[]): number[] {
  const back = -4 * (body.length + 1);
  const branch =
    (((back >>> 12) & 1) << 31) |
    (((back >>> 5) & 0x3f) << 25) |
    (T0 << 15) |
    (1 << 12) |
    (((back >>> 1) & 15) << 8) |
    (((back >>> 11) & 1) << 7) |
    0x63;
  return [...load(T0, times), ...body, addi(T0, T0, -1), branch >>> 0];
}

const ECALL = 0x73;
export const KECCAK = 1600;
export const SHA256 = 1256;

/** Calls accelerators, one after another so often. */
export function callsOf(calls: readonly (readonly [call: number, times: number])[]): Uint8Array {
  const body = calls.flatMap(([call, times]) => [...load(A7, call), ...loop(times, [ECALL])]);
  return executable([...dataBase(A0), ...body, ...EXIT], { writable: 4096 });
}

/** sd zero, 0(sp) */
const STORE = 0x0001_3023;
/** add sp, sp, t1 */
const ADVANCE = ((T1 << 20) | (SP << 15) | (SP << 7) | 0x33) >>> 0;

/** Stores to so many words that lie `stride` bytes apart. */
export function touches(words: number, stride: number): Uint8Array {
  const text = [...dataBase(SP), ...load(T1, stride), ...loop(words, [STORE, ADVANCE]), ...EXIT];
  return executable(text, { writable: 64 });
}

/** A mixture of unaligned loads, divisions and multiplications: what has the widest rows, but accelerators. */
export function mixture(times: number): Uint8Array {
  const product = (kind: number) => ((1 << 25) | (T1 << 20) | (T0 << 15) | (kind << 12) | (T1 << 7) | 0x33) >>> 0;
  const unaligned = ((1 << 20) | (A0 << 15) | (3 << 12) | (T1 << 7) | 0x03) >>> 0;
  const repeat = (times: number, instruction: number) => Array.from({ length: times }, () => instruction);
  const [divide, high, low] = [product(4), product(1), product(0)];
  const body = [...repeat(52, unaligned), ...repeat(26, divide), ...repeat(13, high), ...repeat(7, low)];
  return executable([...dataBase(A0), ...loop(times, body), ...EXIT], { writable: 4096 });
}
